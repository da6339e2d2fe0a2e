import ThawONNX
import ThawTypes

/// Small models for the tests.
enum Models {
  /// y = relu(x · w + b), with `w` in raw_data and `b` in float_data.
  static func dense(irVersion: Int64 = 8) -> ModelProto {
    var model = ModelProto()
    model.irVersion = irVersion
    model.opsetImport = [OperatorSetIdProto(domain: "", version: 17)]
    var graph = GraphProto()
    graph.name = "dense"
    graph.input = [value("x", [.symbol("n"), 2])]
    graph.output = [value("y", [.symbol("n"), 3])]
    graph.initializer = [tensor("w", [2, 3], [1, 2, 3, 4, 5, 6]), typedTensor("b", [3], [7, 8, 9])]
    graph.node = [
      NodeProto("Gemm", input: ["x", "w", "b"], output: ["h"], name: "fc"),
      NodeProto("Relu", input: ["h"], output: ["y"], name: "act"),
    ]
    model.graph = graph
    return model
  }

  static func value(_ name: String, _ sizes: [DimensionSize?], _ dtype: DType = .float32) -> ValueInfoProto {
    var type = TypeProto.Tensor()
    type.elemType = dtype.rawValue
    type.shape = TensorShapeProto(sizes)
    return ValueInfoProto(name: name, type: TypeProto(.tensor(type)))
  }

  static func tensor(_ name: String, _ dims: [Int64], _ values: [Float]) -> TensorProto {
    var tensor = typedTensor(name, dims, [])
    tensor.rawData = ByteRegion(values.withUnsafeBytes { [UInt8]($0) })
    return tensor
  }

  static func typedTensor(_ name: String, _ dims: [Int64], _ values: [Float]) -> TensorProto {
    var tensor = TensorProto()
    tensor.name = name
    tensor.dims = dims
    tensor.dtype = .float32
    tensor.floatData = values
    return tensor
  }

  static func attribute(_ name: String, graph: GraphProto) -> AttributeProto {
    var attribute = AttributeProto()
    attribute.name = name
    attribute.type = .graph
    attribute.g = graph
    return attribute
  }

  /// A graph of the given nodes without inputs, which gives `outputs`.
  static func body(_ nodes: [NodeProto], outputs: [String]) -> GraphProto {
    var graph = GraphProto()
    graph.name = "body"
    graph.node = nodes
    graph.output = outputs.map { ValueInfoProto(name: $0, type: nil) }
    return graph
  }
}

/// Random numbers that are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
