public import Attestation

/// Machines for the nodes of a ``TestNetwork``, in place of the software attester.
public struct TestHardware: Sendable {
  /// The kind of their evidence.
  public var kind: EvidenceKind
  /// The code that runs on all of them.
  public var measurement: Measurement
  public var requirements: EvidenceRequirements
  /// What verifiers know of their makers.
  public var vendors: any VendorKnowledgeSource
  /// The kernel of each node's machine, by the node's place.
  public var kernel: @Sendable (Int) -> any KernelInterface

  public init(
    kind: EvidenceKind, measurement: Measurement, requirements: EvidenceRequirements,
    vendors: any VendorKnowledgeSource, kernel: @escaping @Sendable (Int) -> any KernelInterface
  ) {
    self.kind = kind
    self.measurement = measurement
    self.requirements = requirements
    self.vendors = vendors
    self.kernel = kernel
  }
}
