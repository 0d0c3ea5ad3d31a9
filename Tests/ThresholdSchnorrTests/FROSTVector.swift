/// One published run: two signers of three, threshold two. All values in hex, in the suite's encodings.
struct FROSTVector: Sendable {
  struct Signer: Sendable {
    let identifier: UInt16
    let hidingRandomness: String
    let bindingRandomness: String
    let hidingCommitment: String
    let bindingCommitment: String
    let bindingFactor: String
    let share: String
  }

  let secret: String
  let publicKey: String
  let message: String
  /// The sharing polynomial is `secret + coefficient · x`.
  let coefficient: String
  let shares: [UInt16: String]
  let signers: [Signer]
  let signature: String
}

extension FROSTVector {
  /// RFC 9591 appendix E.1.
  static let ed25519 = FROSTVector(
    secret: "7b1c33d3f5291d85de664833beb1ad469f7fb6025a0ec78b3a790c6e13a98304",
    publicKey: "15d21ccd7ee42959562fc8aa63224c8851fb3ec85a3faf66040d380fb9738673",
    message: "74657374",
    coefficient: "178199860edd8c62f5212ee91eff1295d0d670ab4ed4506866bae57e7030b204",
    shares: [
      1: "929dcc590407aae7d388761cddb0c0db6f5627aea8e217f4a033f2ec83d93509",
      2: "a91e66e012e4364ac9aaa405fcafd370402d9859f7b6685c07eed76bf409e80d",
      3: "d3cb090a075eb154e82fdb4b3cb507f110040905468bb9c46da8bdea643a9a02",
    ],
    signers: [
      Signer(
        identifier: 1,
        hidingRandomness: "0fd2e39e111cdc266f6c0f4d0fd45c947761f1f5d3cb583dfcb9bbaf8d4c9fec",
        bindingRandomness: "69cd85f631d5f7f2721ed5e40519b1366f340a87c2f6856363dbdcda348a7501",
        hidingCommitment: "b5aa8ab305882a6fc69cbee9327e5a45e54c08af61ae77cb8207be3d2ce13de3",
        bindingCommitment: "67e98ab55aa310c3120418e5050c9cf76cf387cb20ac9e4b6fdb6f82a469f932",
        bindingFactor: "f2cb9d7dd9beff688da6fcc83fa89046b3479417f47f55600b106760eb3b5603",
        share: "001719ab5a53ee1a12095cd088fd149702c0720ce5fd2f29dbecf24b7281b603"),
      Signer(
        identifier: 3,
        hidingRandomness: "86d64a260059e495d0fb4fcc17ea3da7452391baa494d4b00321098ed2a0062f",
        bindingRandomness: "13e6b25afb2eba51716a9a7d44130c0dbae0004a9ef8d7b5550c8a0e07c61775",
        hidingCommitment: "cfbdb165bd8aad6eb79deb8d287bcc0ab6658ae57fdcc98ed12c0669e90aec91",
        bindingCommitment: "7487bc41a6e712eea2f2af24681b58b1cf1da278ea11fe4e8b78398965f13552",
        bindingFactor: "b087686bf35a13f3dc78e780a34b0fe8a77fef1b9938c563f5573d71d8d7890f",
        share: "bd86125de990acc5e1f13781d8e32c03a9bbd4c53539bbc106058bfd14326007"),
    ],
    signature:
      "36282629c383bb820a88b71cae937d41f2f2adfcc3d02e55507e2fb9e2dd3cbebd9d2b0844e49ae0f3fa935161e1419a"
      + "ab7b47d21a37ebeae1f17d4987b3160b")

  /// RFC 9591 appendix E.3.
  static let ristretto255 = FROSTVector(
    secret: "1b25a55e463cfd15cf14a5d3acc3d15053f08da49c8afcf3ab265f2ebc4f970b",
    publicKey: "e2a62f39eede11269e3bd5a7d97554f5ca384f9f6d3dd9c3c0d05083c7254f57",
    message: "74657374",
    coefficient: "410f8b744b19325891d73736923525a4f596c805d060dfb9c98009d34e3fec02",
    shares: [
      1: "5c3430d391552f6e60ecdc093ff9f6f4488756aa6cebdbad75a768010b8f830e",
      2: "b06fc5eac20b4f6e1b271d9df2343d843e1e1fb03c4cbb673f2872d459ce6f01",
      3: "f17e505f0e2581c6acfe54d3846a622834b5e7b50cad9a2109a97ba7a80d5c04",
    ],
    signers: [
      Signer(
        identifier: 1,
        hidingRandomness: "f595a133b4d95c6e1f79887220c8b275ce6277e7f68a6640e1e7140f9be2fb5c",
        bindingRandomness: "34dd1001360e3513cb37bebfabe7be4a32c5bb91ba19fbd4360d039111f0fbdc",
        hidingCommitment: "965def4d0958398391fc06d8c2d72932608b1e6255226de4fb8d972dac15fd57",
        bindingCommitment: "ec5170920660820007ae9e1d363936659ef622f99879898db86e5bf1d5bf2a14",
        bindingFactor: "8967fd70fa06a58e5912603317fa94c77626395a695a0e4e4efc4476662eba0c",
        share: "9285f875923ce7e0c491a592e9ea1865ec1b823ead4854b48c8a46287749ee09"),
      Signer(
        identifier: 3,
        hidingRandomness: "daa0cf42a32617786d390e0c7edfbf2efbd428037069357b5173ae61d6dd5d5e",
        bindingRandomness: "b4387e72b2e4108ce4168931cc2c7fcce5f345a5297368952c18b5fc8473f050",
        hidingCommitment: "480e06e3de182bf83489c45d7441879932fd7b434a26af41455756264fbd5d6e",
        bindingCommitment: "3064746dfd3c1862ef58fc68c706da287dd925066865ceacc816b3a28c7b363b",
        bindingFactor: "f2c1bb7c33a10511158c2f1766a4a5fadf9f86f2a92692ed333128277cc31006",
        share: "7cb211fe0e3d59d25db6e36b3fb32344794139602a7b24f1ae0dc4e26ad7b908"),
    ],
    signature:
      "fc45655fbc66bbffad654ea4ce5fdae253a49a64ace25d9adb62010dd9fb25552164141787162e5b4cab915b4aa45d94"
      + "655dbb9ed7c378a53b980a0be220a802")

  /// RFC 9591 appendix E.5.
  static let secp256k1 = FROSTVector(
    secret: "0d004150d27c3bf2a42f312683d35fac7394b1e9e318249c1bfe7f0795a83114",
    publicKey: "02f37c34b66ced1fb51c34a90bdae006901f10625cc06c4f64663b0eae87d87b4f",
    message: "74657374",
    coefficient: "fbf85eadae3058ea14f19148bb72b45e4399c0b16028acaf0395c9b03c823579",
    shares: [
      1: "08f89ffe80ac94dcb920c26f3f46140bfc7f95b493f8310f5fc1ea2b01f4254c",
      2: "04f0feac2edcedc6ce1253b7fab8c86b856a797f44d83d82a385554e6e401984",
      3: "00e95d59dd0d46b0e303e500b62b7ccb0e555d49f5b849f5e748c071da8c0dbc",
    ],
    signers: [
      Signer(
        identifier: 1,
        hidingRandomness: "7ea5ed09af19f6ff21040c07ec2d2adbd35b759da5a401d4c99dd26b82391cb2",
        bindingRandomness: "47acab018f116020c10cb9b9abdc7ac10aae1b48ca6e36dc15acb6ec9be5cdc5",
        hidingCommitment: "03c699af97d26bb4d3f05232ec5e1938c12f1e6ae97643c8f8f11c9820303f1904",
        bindingCommitment: "02fa2aaccd51b948c9dc1a325d77226e98a5a3fe65fe9ba213761a60123040a45e",
        bindingFactor: "3e08fe561e075c653cbfd46908a10e7637c70c74f0a77d5fd45d1a750c739ec6",
        share: "c4fce1775a1e141fb579944166eab0d65eefe7b98d480a569bbbfcb14f91c197"),
      Signer(
        identifier: 3,
        hidingRandomness: "e6cc56ccbd0502b3f6f831d91e2ebd01c4de0479e0191b66895a4ffd9b68d544",
        bindingRandomness: "7203d55eb82a5ca0d7d83674541ab55f6e76f1b85391d2c13706a89a064fd5b9",
        hidingCommitment: "03077507ba327fc074d2793955ef3410ee3f03b82b4cdc2370f71d865beb926ef6",
        bindingCommitment: "02ad53031ddfbbacfc5fbda3d3b0c2445c8e3e99cbc4ca2db2aa283fa68525b135",
        bindingFactor: "93f79041bb3fd266105be251adaeb5fd7f8b104fb554a4ba9a0becea48ddbfd7",
        share: "0160fd0d388932f4826d2ebcd6b9eaba734f7c71cf25b4279a4ca2581e47b18d"),
    ],
    signature:
      "0205b6d04d3774c8929413e3c76024d54149c372d57aae62574ed74319b5ea14d0c65dde8492a7471437e6c2fe3da49b"
      + "90d23f642b5c6dbe7e36089f096dd97324")

  /// `FROST-secp256k1-SHA256-TR-v1`, as published with another implementation of the suite.
  static let taproot = FROSTVector(
    secret: "0d004150d27c3bf2a42f312683d35fac7394b1e9e318249c1bfe7f0795a83114",
    publicKey: "02f37c34b66ced1fb51c34a90bdae006901f10625cc06c4f64663b0eae87d87b4f",
    message: "74657374",
    coefficient: "fbf85eadae3058ea14f19148bb72b45e4399c0b16028acaf0395c9b03c823579",
    shares: [
      1: "08f89ffe80ac94dcb920c26f3f46140bfc7f95b493f8310f5fc1ea2b01f4254c",
      2: "04f0feac2edcedc6ce1253b7fab8c86b856a797f44d83d82a385554e6e401984",
      3: "00e95d59dd0d46b0e303e500b62b7ccb0e555d49f5b849f5e748c071da8c0dbc",
    ],
    signers: [
      Signer(
        identifier: 1,
        hidingRandomness: "bda8e748e599187762cff956f03dc6ea13fc8e04491a0427b7e6e78600f41c52",
        bindingRandomness: "2ca682429bf05df435b9927b8edb1d748278f3e42fa11ef358e49bbf4a1b780d",
        hidingCommitment: "024e34ab3a7ad6b4563dbfe97e9f1206b3378cceb2502491ed0fb709765e1e5ba8",
        bindingCommitment: "03d4b1f3a61dc67e64dfb4abfccabb712f1f6914a6ec9b67749d171370453192cb",
        bindingFactor: "55a3e44879db6daf00c81eb28e828869560c0901f347baff524f1c91a6669604",
        share: "2ffc305d1694fd84108b84d98306a1af807c6ad9bc3a2d8e448a09643202a15b"),
      Signer(
        identifier: 3,
        hidingRandomness: "70818dd5170672c4a4285fd593d4f222417f941f3118e1244955e7a1098a35d8",
        bindingRandomness: "74ca2da071ed4a2a6cad5087d6758b48a558ab5861c61117fee05757e4b1309e",
        hidingCommitment: "02d768658a1b94225645401a1512b803657770c7a21bf9ccccccfa09930a44951b",
        bindingCommitment: "034570a4e5217ee8770a28401185f50b4fce4d3f3933a3af9df7ab39b42381d0eb",
        bindingFactor: "444c1cc7cfe48f4577cce65488f337a9cc8c33dea4cfa986eb590bd8e2b1fa2d",
        share: "a8c392566ea29e852b4080a028bf5547166c87e703e4fb7136d4ebef65f99b3f"),
    ],
    signature:
      "0c776a9516a77808b70a31e74f1464814a6fcf897fb3a6bd84c7a9a9a7a5bcb8d8bfc2b385379c093bcc0579abc5f6f6"
      + "96e8f2c0c01f28ff7b5ef55397fc3c9a")
}
