import ThawONNX
import ThawTensor

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
  public let inputs: [Port]
  public let outputs: [Port]
  /// The most frequent first.
  public let operators: [OperatorCount]
  public let missingOperators: [Missing]
  public let parameters: [Tensor]
  /// The rule by which the roles were found.
  public let roles: String
  /// What every value is, where it was asked for; see `Model.inferredTypes()`.
  public var values: [Value]?
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
    let opsets = proto.opsetImport.map { entry in
      (entry.domain.flatMap { $0.isEmpty ? nil : $0 } ?? "ai.onnx", Int(clamping: entry.version ?? 1))
    }
    let counts = Dictionary((proto.graph?.node ?? []).map { ($0.opType ?? "", 1) }, uniquingKeysWith: +)
    return ModelDescription(
      irVersion: Int(clamping: proto.irVersion ?? 0), opsets: Dictionary(opsets) { first, _ in first },
      producer: [proto.producerName, proto.producerVersion].compactMap { $0 }.filter { !$0.isEmpty }
        .joined(separator: " "),
      inputs: inputs.map(port), outputs: outputs.map(port),
      operators: counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { ModelDescription.OperatorCount(name: $0.key, count: $0.value) },
      missingOperators: missingOperators.map {
        ModelDescription.Missing(
          name: $0.name, domain: $0.domain.isEmpty ? "ai.onnx" : $0.domain, opset: $0.opset, node: $0.node,
          reason: $0.reason)
      },
      parameters: parameters.map {
        ModelDescription.Tensor(name: $0.name, type: $0.type.description, role: $0.role.rawValue)
      },
      roles: parameters.source.description)
  }
}
