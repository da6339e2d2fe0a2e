import ThawTensor
import ThawTypes

/// What is to be changed in how a model is written, in the order in which it is done.
public struct Conversion: Hashable, Sendable {
  /// The opset of ONNX's own operators; as it is when nil.
  public var opset: Int?
  /// Whether what follows from constants alone is computed once.
  public var foldsConstants = false
  /// Whether nodes and weights that no output needs are removed.
  public var removesUnused = false
  /// The type that parameters are kept in; as they are when nil.
  public var storage: DType?

  /// A conversion that changes nothing.
  public init() {}
}

extension Model {
  /// The model written another way; its roles stay.
  ///
  /// - Returns: the model, and what a user should know.
  /// - Throws: as `upgraded(toOpset:)`, `foldingConstants()` and `storingParameters(as:)`.
  public func converted(_ conversion: Conversion) throws -> (model: Model, notes: [String]) {
    var model = self
    var notes: [String] = []
    if let opset = conversion.opset { model = try model.upgraded(toOpset: opset) }
    if conversion.foldsConstants { model = try model.foldingConstants() }
    if conversion.removesUnused { model = try model.removingUnused() }
    if let dtype = conversion.storage {
      let result = try model.storingParameters(as: dtype)
      model = result.model
      notes += result.kept.map { "'\($0.name)' keeps its type: \($0.reason)" }
    }
    return (model, notes)
  }
}
