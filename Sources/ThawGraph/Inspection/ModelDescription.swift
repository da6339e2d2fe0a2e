import ThawONNX
import ThawTensor
import ThawTypes

/// What a model file holds, in words and numbers: for people (`thaw inspect`) and as JSON.
public struct ModelDescription: Codable, Hashable, Sendable {
  /// An input or output.
  public struct Port: Codable, Hashable, Sendable {
    public let name: String
    /// Such as `float32[N, 64]`; "unknown" where the file does not say.
    public let type: String

    package init(name: String, type: String) {
      self.name = name
      self.type = type
    }
  }

  /// An operator and how many nodes of it there are.
  public struct OperatorCount: Codable, Hashable, Sendable {
    public let name: String
    public let count: Int
  }

  /// An operator that Thaw cannot run, and where it stands.
  public struct Missing: Codable, Hashable, Sendable {
    public let name: String
    public let domain: String
    public let opset: Int
    public let node: String
    public let reason: String?
  }

  /// A floating tensor.
  public struct Tensor: Codable, Hashable, Sendable {
    public let name: String
    public let type: String
    public let role: String
    /// Of the stored elements.
    public let bytes: Int
    /// What its numbers are like, where it was asked for.
    public var statistics: WeightStatistics?
  }

  /// The tensors of one role together.
  public struct RoleTotal: Codable, Hashable, Sendable {
    public let role: String
    public let tensors: Int
    public let numbers: Int
    public let bytes: Int
  }

  /// A value between inputs and outputs, and these.
  public struct Value: Codable, Hashable, Sendable {
    /// With the way to it, for one inside of If, Loop or Scan.
    public let name: String
    /// Such as `float32[N, 64]`; "unknown" where nothing tells.
    public let type: String
    /// "input", "stored" or "computed".
    public let origin: String
    /// The node that gives it, and what that does.
    public let node: String?
    public let operation: String?
  }

  public let irVersion: Int
  /// The version of each domain; "ai.onnx" is ONNX's own.
  public let opsets: [String: Int]
  public let producer: String
  /// As the model's maker numbers, places and describes it; nil where the file does not say.
  public let modelVersion: Int?
  public let domain: String?
  public let documentation: String?
  /// The graph's name.
  public let graph: String?
  /// What stands in the file's metadata, by its keys.
  public let metadata: [String: String]
  public let inputs: [Port]
  public let outputs: [Port]
  /// The most frequent first.
  public let operators: [OperatorCount]
  public let missingOperators: [Missing]
  public var parameters: [Tensor]
  /// The roles that occur.
  public let roleTotals: [RoleTotal]
  /// The rule by which the roles were found.
  public let roles: String
  /// What every value is, where it was asked for; see `Model.inferredTypes()`.
  public var values: [Value]?
  /// What the nodes cost, where it could be counted.
  public var work: ModelWork?
}

extension TypeInference {
  /// The values, as a description has them.
  public var described: [ModelDescription.Value] {
    values.map {
      ModelDescription.Value(
        name: $0.name, type: $0.type?.description ?? "unknown", origin: $0.origin.rawValue, node: $0.node,
        operation: $0.operation)
    }
  }
}

extension Model {
  /// What the model's file holds.
  public var summary: ModelDescription {
    func port(_ port: (name: String, type: ValueType?)) -> ModelDescription.Port {
      ModelDescription.Port(name: port.name, type: port.type?.description ?? "unknown")
    }
    func text(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
    let opsets = proto.opsetImport.map { entry in
      (entry.domain.flatMap { $0.isEmpty ? nil : $0 } ?? "ai.onnx", Int(clamping: entry.version ?? 1))
    }
    let counts = Dictionary((proto.graph?.node ?? []).map { ($0.opType ?? "", 1) }, uniquingKeysWith: +)
    return ModelDescription(
      irVersion: Int(clamping: proto.irVersion ?? 0), opsets: Dictionary(opsets) { first, _ in first },
      producer: [proto.producerName, proto.producerVersion].compactMap { $0 }.filter { !$0.isEmpty }
        .joined(separator: " "),
      modelVersion: proto.modelVersion.map { Int(clamping: $0) }, domain: text(proto.domain),
      documentation: text(proto.docString), graph: text(proto.graph?.name),
      metadata: Dictionary(proto.metadataProps.map { ($0.key ?? "", $0.value ?? "") }) { first, _ in first },
      inputs: inputs.map(port), outputs: outputs.map(port),
      operators: counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { ModelDescription.OperatorCount(name: $0.key, count: $0.value) },
      missingOperators: missingOperators.map {
        ModelDescription.Missing(
          name: $0.name, domain: $0.domain.isEmpty ? "ai.onnx" : $0.domain, opset: $0.opset, node: $0.node,
          reason: $0.reason)
      },
      parameters: parameters.map {
        ModelDescription.Tensor(
          name: $0.name, type: $0.type.description, role: $0.role.rawValue, bytes: $0.type.byteCount ?? 0)
      },
      roleTotals: Role.allCases.compactMap { role in
        let members = parameters.with(role)
        guard !members.isEmpty else { return nil }
        return ModelDescription.RoleTotal(
          role: role.rawValue, tensors: members.count, numbers: members.map(\.count).clampedSum,
          bytes: members.map { $0.type.byteCount ?? 0 }.clampedSum)
      },
      roles: parameters.source.description)
  }
}

extension ModelDescription {
  /// Adds what the parameters' numbers are like.
  ///
  /// - Throws: `ModelError` for data that do not fit their type and dimensions.
  public mutating func addStatistics(of model: Model) throws {
    for (index, parameter) in model.parameters.enumerated() where index < parameters.count {
      parameters[index].statistics = try WeightStatistics(parameter.value().detach())
    }
  }
}
