// Made by scripts/embed-openapi from openapi/openapi.yaml.

/// The description of the client port, exactly as in the repository.
enum OpenAPIDocument {
  static let text = #"""
    openapi: 3.1.0
    info:
      title: Quorate node
      version: "1"
      description: |
        What one node of a Quorate network answers to users. The connection is TLS 1.3; the node's certificate is self-signed
        and carries evidence of the TEE it ends in (RA-TLS). A user verifies that evidence against the network's founding
        document, which no node can give, before trusting anything said here.

        A user sends the same signed request to every node of a quorum, each with a delivery of its own, and combines the
        sealed replies. Nothing is signed or decrypted by one node.

        Encodings: `base64url` is RFC 4648 section 5 without padding and with zero trailing bits; `hex` is lower case;
        times are `YYYY-MM-DDTHH:MM:SSZ`. Bodies are UTF-8 JSON of at most 1 MiB, without duplicate names and with whole
        numbers below 2^53. Unknown members are refused.
    servers:
      - url: https://node.example:7000
        description: A member's client endpoint, as the registry lists it.
    paths:
      /v1/network:
        get:
          operationId: describeNetwork
          summary: Which network, registry state, epoch and key certificate this node is at.
          description: Says where to look, never what to trust; a client checks all of it against its founding document.
          responses:
            "200":
              description: The node's view.
              content:
                application/json:
                  schema: { $ref: "#/components/schemas/NetworkDescription" }
            "503": { $ref: "#/components/responses/Later" }
            default: { $ref: "#/components/responses/Error" }
      /v1/attest:
        post:
          operationId: attest
          summary: Evidence bound to this connection and the client's nonce.
          description: |
            The evidence's report data and the identity signature cover a hash of the network, the role `client`, the nonce,
            the node's TLS key, the RFC 9266 `tls-exporter` of this very connection, the node id and its instance. So the
            answer is worthless on any other connection.
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  required: [nonce]
                  properties:
                    nonce: { $ref: "#/components/schemas/Bytes32" }
          responses:
            "200":
              description: The proof.
              content:
                application/json:
                  schema: { $ref: "#/components/schemas/AttestationAnswer" }
            "400": { $ref: "#/components/responses/Error" }
            "503": { $ref: "#/components/responses/Later" }
            default: { $ref: "#/components/responses/Error" }
      /v1/sign:
        post:
          operationId: sign
          summary: This node's share of a signature.
          requestBody: { $ref: "#/components/requestBodies/Submission" }
          responses: &outcomes
            "200":
              description: The sealed outcome. A second arrival of the same request gets the identical bytes.
              content:
                application/json:
                  schema: { $ref: "#/components/schemas/SealedReply" }
            "400": { $ref: "#/components/responses/Error" }
            "401": { $ref: "#/components/responses/Error" }
            "403": { $ref: "#/components/responses/Error" }
            "409": { $ref: "#/components/responses/Error" }
            "413": { $ref: "#/components/responses/Error" }
            "429": { $ref: "#/components/responses/Later" }
            "503": { $ref: "#/components/responses/Later" }
            default: { $ref: "#/components/responses/Error" }
      /v1/decrypt:
        post:
          operationId: decrypt
          summary: This node's share of a data key.
          requestBody: { $ref: "#/components/requestBodies/Submission" }
          responses: *outcomes
      /v1/execute:
        post:
          operationId: execute
          summary: What became of an action on this node, with this node's shares of the signatures it asked for.
          description: |
            The answer comes when the action has ended, which may take the time limit of actions. A node whose machine lacks
            the sandbox answers `cannot_execute`.
          requestBody: { $ref: "#/components/requestBodies/Submission" }
          responses: *outcomes
      /v1/openapi.yaml:
        get:
          operationId: describeInterface
          summary: This document.
          responses:
            "200":
              description: OpenAPI 3.1.
              content:
                application/yaml:
                  schema: { type: string }
    components:
      requestBodies:
        Submission:
          required: true
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Submission" }
      responses:
        Error:
          description: Nothing was done, or nothing may be said here about what was.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Error" }
        Later:
          description: Too much work, or the node does not serve at the moment.
          headers:
            Retry-After:
              description: Seconds.
              schema: { type: integer, minimum: 1 }
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Error" }
      schemas:
        Hex32: { type: string, pattern: "^[0-9a-f]{64}$" }
        NodeID: { type: string, pattern: "^0x[0-9a-f]{40}$" }
        Base64URL: { type: string, pattern: "^[A-Za-z0-9_-]*$" }
        Bytes16: { type: string, pattern: "^[A-Za-z0-9_-]{22}$" }
        Bytes32: { type: string, pattern: "^[A-Za-z0-9_-]{43}$" }
        Bytes64: { type: string, pattern: "^[A-Za-z0-9_-]{86}$" }
        Time: { type: string, pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$" }
        NetworkDescription:
          type: object
          required: [network, founding, registry, epoch, certificate, node, development]
          properties:
            network: { $ref: "#/components/schemas/Hex32" }
            founding:
              description: The founding document's exact bytes; their hash is the network id.
              $ref: "#/components/schemas/Base64URL"
            registry:
              type: object
              required: [number, digest]
              properties:
                number: { type: integer, minimum: 0 }
                digest: { $ref: "#/components/schemas/Hex32" }
            epoch: { type: integer, minimum: 1 }
            certificate:
              description: The epoch's key certificate, signed by every member; null before key generation is complete.
              oneOf:
                - { $ref: "#/components/schemas/Base64URL" }
                - { type: "null" }
            node:
              type: object
              required: [id, instance]
              properties:
                id: { $ref: "#/components/schemas/NodeID" }
                instance: { $ref: "#/components/schemas/Bytes32" }
            development:
              description: Whether the network accepts evidence that is not from a TEE.
              type: boolean
        AttestationAnswer:
          type: object
          required: [evidence, binding, identitySignature]
          properties:
            evidence:
              type: object
              required: [kind, data]
              properties:
                kind: { type: string }
                data: { $ref: "#/components/schemas/Base64URL" }
                inclusion:
                  description: |
                    Present where one report answers many users. Big-endian u32 index, u32 count and up to ten hashes of
                    32 bytes: the way in a Merkle tree (RFC 9162 section 2.1) from this request to what the report carries.
                  $ref: "#/components/schemas/Base64URL"
            binding:
              description: Deterministic CBOR of every field the certificate binds.
              $ref: "#/components/schemas/Base64URL"
            identitySignature: { $ref: "#/components/schemas/Bytes64" }
        Submission:
          type: object
          additionalProperties: false
          required: [request, delivery]
          properties:
            request:
              description: |
                A flattened JWS (RFC 7515) by the session key. `protected` is the base64url of exactly
                `{"alg":"EdDSA","typ":"quorate-request+jws","jwk":{"kty":"OKP","crv":"Ed25519","x":"…"}}`; `payload` is the
                base64url of a `RequestPayload`.
              type: object
              additionalProperties: false
              required: [protected, payload, signature]
              properties:
                protected: { $ref: "#/components/schemas/Base64URL" }
                payload: { $ref: "#/components/schemas/Base64URL" }
                signature: { $ref: "#/components/schemas/Bytes64" }
            delivery:
              description: The session key's signature that hands the request to this node and instance.
              $ref: "#/components/schemas/Bytes64"
        RequestPayload:
          type: object
          additionalProperties: false
          required: [network, epoch, quorum, operation, replyKey, nonce, issuedAt, expiresAt, capability]
          properties:
            network: { $ref: "#/components/schemas/Hex32" }
            epoch: { type: integer, minimum: 1 }
            quorum:
              description: Ordered by node id, every node once; exactly t nodes to sign or to execute, t to n to decrypt.
              type: array
              maxItems: 64
              items:
                type: object
                additionalProperties: false
                required: [node, instance]
                properties:
                  node: { $ref: "#/components/schemas/NodeID" }
                  instance: { $ref: "#/components/schemas/Bytes32" }
            operation: { $ref: "#/components/schemas/Operation" }
            replyKey:
              description: X25519, fresh for this request.
              $ref: "#/components/schemas/Bytes32"
            nonce: { $ref: "#/components/schemas/Bytes16" }
            issuedAt: { $ref: "#/components/schemas/Time" }
            expiresAt:
              description: At most five minutes after `issuedAt`.
              $ref: "#/components/schemas/Time"
            capability:
              type: object
              additionalProperties: false
              required: [siwe, signature]
              properties:
                siwe:
                  description: EIP-4361 text with one ERC-5573 ReCap, as the wallet signed it.
                  type: string
                signature:
                  description: r ‖ s ‖ v of a key, 65 bytes; with `block` whatever the wallet's contract takes.
                  type: string
                  pattern: "^0x([0-9a-f]{2}){1,4096}$"
                block:
                  description: Where the wallet's contract is asked (EIP-1271).
                  type: object
                  additionalProperties: false
                  required: [number, hash]
                  properties:
                    number: { type: integer, minimum: 0 }
                    hash: { type: string, pattern: "^0x[0-9a-f]{64}$" }
            registryNumber:
              description: How far the registry has to have come where this is judged; a node waits for it, up to 1.5 seconds.
              type: integer
              minimum: 0
        Operation:
          oneOf:
            - type: object
              additionalProperties: false
              required: [sign]
              properties:
                sign: { $ref: "#/components/schemas/SignOperation" }
            - type: object
              additionalProperties: false
              required: [decrypt]
              properties:
                decrypt:
                  type: object
                  additionalProperties: false
                  required: [policy, dataKeyHash]
                  properties:
                    policy: { $ref: "#/components/schemas/Base64URL" }
                    dataKeyHash: { $ref: "#/components/schemas/Hex32" }
            - type: object
              additionalProperties: false
              required: [execute]
              properties:
                execute:
                  type: object
                  additionalProperties: false
                  required: [code, parameters]
                  properties:
                    code:
                      description: JavaScript, at most 256 KiB. The capability has to name its CIDv0.
                      $ref: "#/components/schemas/Base64URL"
                    parameters: &parameters
                      description: A JSON object of at most 128 KiB, or nothing. Each member becomes a global of the code.
                      $ref: "#/components/schemas/Base64URL"
            - type: object
              additionalProperties: false
              required: [execute]
              properties:
                execute:
                  type: object
                  description: The same with code that every node looks up at its own gateways.
                  additionalProperties: false
                  required: [action, parameters]
                  properties:
                    action:
                      description: The CIDv0 of the code.
                      type: string
                      pattern: "^Qm[1-9A-HJ-NP-Za-km-z]{44}$"
                    parameters: *parameters
        SignOperation:
          oneOf:
            - type: object
              description: The network frames and tags the message before it signs it.
              additionalProperties: false
              required: [key, kind, message]
              properties:
                key: { $ref: "#/components/schemas/Hex32" }
                kind: { const: message }
                message: { $ref: "#/components/schemas/Base64URL" }
            - type: object
              description: The same for content too large to send.
              additionalProperties: false
              required: [key, kind, digest, length]
              properties:
                key: { $ref: "#/components/schemas/Hex32" }
                kind: { const: file }
                digest:
                  description: SHA-256 of the content.
                  $ref: "#/components/schemas/Hex32"
                length: { type: integer, minimum: 0 }
            - type: object
              description: Signed untouched, at most 64 KiB; exactly 32 bytes under a taproot or an ECDSA key.
              additionalProperties: false
              required: [key, kind, bytes]
              properties:
                key: { $ref: "#/components/schemas/Hex32" }
                kind: { const: raw }
                bytes: { $ref: "#/components/schemas/Base64URL" }
            - type: object
              description: |
                A personal message (EIP-191 version 0x45), at most 64 KiB, without its prefix. Like the kinds below it is read and
                hashed by every node, and compared with the constraints of the key's record.
              additionalProperties: false
              required: [key, kind, message]
              properties:
                key: { $ref: "#/components/schemas/Hex32" }
                kind: { const: eip191 }
                message: { $ref: "#/components/schemas/Base64URL" }
            - type: object
              description: Typed data (EIP-712), at most 64 KiB of JSON.
              additionalProperties: false
              required: [key, kind, document]
              properties:
                key: { $ref: "#/components/schemas/Hex32" }
                kind: { const: eip712 }
                document: { $ref: "#/components/schemas/Base64URL" }
            - type: object
              description: An unsigned Ethereum transaction (EIP-155, EIP-2930 or EIP-1559), at most 128 KiB.
              additionalProperties: false
              required: [key, kind, transaction]
              properties:
                key: { $ref: "#/components/schemas/Hex32" }
                kind: { const: transaction }
                transaction: { $ref: "#/components/schemas/Base64URL" }
            - type: object
              description: One input of a PSBT (version 0 or 2, binary), at most 384 KiB; the input is counted from 0.
              additionalProperties: false
              required: [key, kind, psbt, input]
              properties:
                key: { $ref: "#/components/schemas/Hex32" }
                kind: { const: psbt }
                psbt: { $ref: "#/components/schemas/Base64URL" }
                input: { type: integer, minimum: 0 }
        SealedReply:
          type: object
          required: [requestID, reply]
          properties:
            requestID: { $ref: "#/components/schemas/Hex32" }
            reply:
              description: |
                HPKE (RFC 9180 base mode: X25519-HKDF-SHA256, HKDF-SHA256, ChaCha20-Poly1305) to the request's reply key, info
                `quorate/reply/v1`, associated data request id ‖ node id ‖ instance; the encapsulated key stands in front.
                Inside is a `Reply`.
              $ref: "#/components/schemas/Base64URL"
        Reply:
          type: object
          required: [body, signature]
          properties:
            body:
              description: The JSON of a `ReplyBody`.
              $ref: "#/components/schemas/Base64URL"
            signature:
              description: By the node's identity key over the request id and the body.
              $ref: "#/components/schemas/Bytes64"
        ReplyBody:
          type: object
          required: [requestID, node, instance, epoch, certificate, operationDigest, outcome]
          properties:
            requestID: { $ref: "#/components/schemas/Hex32" }
            node: { $ref: "#/components/schemas/NodeID" }
            instance: { $ref: "#/components/schemas/Bytes32" }
            epoch: { type: integer }
            certificate: { $ref: "#/components/schemas/Hex32" }
            operationDigest: { $ref: "#/components/schemas/Hex32" }
            outcome:
              oneOf:
                - type: object
                  required: [signatureShare]
                  properties:
                    signatureShare:
                      type: object
                      required: [commitments, share]
                      properties:
                        commitments:
                          type: array
                          items:
                            type: object
                            required: [party, hiding, binding]
                            properties:
                              party: { type: integer, minimum: 1 }
                              hiding: { $ref: "#/components/schemas/Base64URL" }
                              binding: { $ref: "#/components/schemas/Base64URL" }
                        share: { $ref: "#/components/schemas/Base64URL" }
                - type: object
                  required: [ecdsaShare]
                  properties:
                    ecdsaShare:
                      type: object
                      required: [noncePoint, u, w]
                      properties:
                        noncePoint: { $ref: "#/components/schemas/Base64URL" }
                        u: { $ref: "#/components/schemas/Bytes32" }
                        w: { $ref: "#/components/schemas/Bytes32" }
                - type: object
                  required: [decryptionShare]
                  properties:
                    decryptionShare: { $ref: "#/components/schemas/Base64URL" }
                - type: object
                  required: [execution]
                  properties:
                    execution: { $ref: "#/components/schemas/ExecutionOutcome" }
                - type: object
                  required: [failed]
                  properties:
                    failed: { $ref: "#/components/schemas/FailedOutcome" }
        FailedOutcome:
          type: object
          required: [code, message, suspects]
          properties:
            code: { $ref: "#/components/schemas/ErrorCode" }
            message: { type: string }
            suspects:
              type: array
              items:
                type: object
                required: [node, reason]
                properties:
                  node: { $ref: "#/components/schemas/NodeID" }
                  reason: { enum: [cheated, missing, disagreed] }
        ExecutionOutcome:
          type: object
          description: |
            `action`, `response`, `signatures` (their names, keys and contents) and `failure` have to be alike on all nodes;
            `logs`, `usage` and `failedOperations` are one node's own. Texts that the action chose are base64url of their UTF-8.
          required: [action, signatures, logs, usage]
          properties:
            action:
              description: CIDv0 of the code.
              type: string
              pattern: "^Qm[1-9A-HJ-NP-Za-km-z]{44}$"
            response:
              description: What the action answered, at most 100 KiB; absent when it answered nothing.
              $ref: "#/components/schemas/Base64URL"
            signatures:
              description: Ordered by name, each name once; empty where the run failed.
              type: array
              maxItems: 10
              items:
                type: object
                required: [name, sign, share]
                properties:
                  name: { $ref: "#/components/schemas/Base64URL" }
                  sign: { $ref: "#/components/schemas/SignOperation" }
                  share:
                    description: As the outcome of a request to sign this, `signatureShare` or `ecdsaShare`.
                    type: object
            failure:
              description: Absent when the action ran to its end.
              type: object
              required: [kind]
              properties:
                kind: { enum: [code, limit, worker] }
                text:
                  description: Of kind `code`, what the code threw, at most 8 KiB.
                  $ref: "#/components/schemas/Base64URL"
                limit:
                  description: Of kind `limit`.
                  enum:
                    - time
                    - memory
                    - code
                    - parameters
                    - response
                    - logs
                    - fetches
                    - signatures
                    - broadcasts
                    - contractCalls
                    - decryptions
                    - calls
                    - depth
                    - operations
            logs:
              description: What the action printed on this node, at most 100 KiB.
              $ref: "#/components/schemas/Base64URL"
            usage:
              type: object
              required: [fetches, signatures, broadcasts, contractCalls, decryptions, calls, operations, logBytes]
              additionalProperties: { type: integer, minimum: 0 }
            failedOperations:
              description: What this node could not do together with the others; the first ones, absent when there are none.
              type: array
              minItems: 1
              maxItems: 8
              items:
                type: object
                required: [operation, failed]
                properties:
                  operation: { type: string, maxLength: 256, pattern: "^[A-Za-z]+#[0-9]+(/[A-Za-z]+#[0-9]+)*$" }
                  failed: { $ref: "#/components/schemas/FailedOutcome" }
        Error:
          type: object
          required: [error]
          properties:
            error:
              type: object
              required: [code, message]
              properties:
                code: { $ref: "#/components/schemas/ErrorCode" }
                message:
                  description: Fixed text of the code; nothing anybody sent is ever in it.
                  type: string
                requestID: { $ref: "#/components/schemas/Hex32" }
        ErrorCode:
          enum:
            - invalid_request
            - too_large
            - not_found
            - method_not_allowed
            - invalid_signature
            - wrong_network
            - wrong_epoch
            - wrong_quorum
            - invalid_capability
            - outside_time_window
            - not_permitted
            - duplicate_request
            - too_many_requests
            - overloaded
            - not_ready
            - cannot_execute
            - internal_error
            - code_not_found
            - session_mismatch
            - peers_missing
            - peer_cheated
            - disagreement
            - deadline_exceeded

    """#
}
