internal import COnnx

/// Graphs that initialize and update a model's initializers.
public struct TrainingInfoProto: Equatable, Sendable {
  /// The graph that gives initializers their first values.
  public var initialization: GraphProto?
  /// The graph of one training step.
  public var algorithm: GraphProto?
  /// Which initializer takes which output of `initialization`.
  public var initializationBinding: [StringStringEntryProto] = []
  /// Which initializer takes which output of `algorithm`.
  public var updateBinding: [StringStringEntryProto] = []
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}
}

extension TrainingInfoProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__TrainingInfoProto>?) -> Void { onnx__training_info_proto__init }

  init(unpacking c: Onnx__TrainingInfoProto, with unpacking: Unpacking) throws(FileError) {
    initialization = try unpacking.message(c.initialization)
    algorithm = try unpacking.message(c.algorithm)
    initializationBinding = try unpacking.messages(c.initialization_binding, c.n_initialization_binding)
    updateBinding = try unpacking.messages(c.update_binding, c.n_update_binding)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__TrainingInfoProto, with packing: Packing) throws(FileError) {
    c.initialization = try packing.message(initialization)
    c.algorithm = try packing.message(algorithm)
    (c.initialization_binding, c.n_initialization_binding) = try packing.messages(initializationBinding)
    (c.update_binding, c.n_update_binding) = try packing.messages(updateBinding)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
