import ThawONNX

/// Everything that is wrong with a model file, or good to know of it, found in one pass: for people (`thaw check`) and
/// as JSON.
public struct ModelCheck: Codable, Hashable, Sendable {
  /// The file's path; nil for a model in memory.
  public let path: String?
  /// The worst first; findings of one level in the order of the rules, and of the file.
  public let findings: [Finding]
  /// How many findings there are of each level.
  public let errors: Int
  public let warnings: Int
  public let notes: Int

  /// The worst level; nil without findings.
  public var worst: Finding.Level? { findings.first?.level }

  /// Checks a model file, `.onnx` or `.onnx.gz`, and the external data that it names.
  ///
  /// Weights are read once, where they are in the file. Nothing is run. What cannot be read is a finding.
  ///
  /// - Parameter allowLinks: whether external data may be a symbolic link that leads out of the model's folder.
  public init(contentsOf path: String, allowLinks: Bool = false) {
    do {
      var proto = try ModelProto(contentsOf: path)
      let failures = proto.openExternalDataAsFarAsPossible(besides: path, allowLinks: allowLinks)
      self.init(CheckedFile(proto, path: path, externalFailures: failures))
    } catch {
      self.init(path: path, [FileRule.finding(error)])
    }
  }

  /// Checks a model that is in no file.
  package init(_ proto: ModelProto) { self.init(CheckedFile(proto, path: nil)) }

  private init(_ file: CheckedFile) { self.init(path: file.path, Self.rules.flatMap { $0.findings(in: file) }) }

  private init(path: String?, _ findings: [Finding]) {
    self.path = path
    self.findings = Finding.Level.allCases.flatMap { level in findings.filter { $0.level == level } }
    func count(_ level: Finding.Level) -> Int { findings.count { $0.level == level } }
    (errors, warnings, notes) = (count(.error), count(.warning), count(.note))
  }

  private static var rules: [any CheckRule.Type] {
    [
      StructureRule.self, OpsetRule.self, OperatorRule.self, TypeRule.self, DeclarationRule.self, ExternalDataRule.self,
      OrphanBytesRule.self,
      RoleRule.self, NumberRule.self, TrainabilityRule.self, TiedWeightRule.self, UsageRule.self, ConstantNodeRule.self,
    ]
  }
}
