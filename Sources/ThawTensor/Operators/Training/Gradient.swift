/// The gradient of a value with respect to others (ONNX preview training Gradient-1).
///
/// The node names values of the graph around it: `y` and what it is computed from, `xs` and `zs`. Its body is what leads
/// from these to `y`; its inputs are values for `xs` and `zs`, and its outputs the derivatives by `xs` of the sum of `y`.
/// They can be differentiated again.
public struct Gradient: ControlFlow {
  private let path: Body
  public let xs: [String]
  public let zs: [String]

  public static let schema = Schema(
    "Gradient", domain: .onnxTraining, versions: [1], inputs: [Input("Inputs", variadic: true)],
    outputs: [Output("Outputs", variadic: true)], batch: .mixing)

  /// The attribute that names the value to differentiate; a loader gives its computation in place of the name.
  package static let target = "y"

  public init(xs: [String], zs: [String] = [], of path: any Subgraph) {
    self.xs = xs
    self.zs = zs
    self.path = Body(path)
  }

  public init(_ node: NodeReader) throws {
    func names(_ attribute: String) throws -> [String]? {
      try node.strings(attribute)?.map { String(decoding: $0, as: UTF8.self) }
    }
    xs = try node.required("xs", try names("xs"))
    zs = try names("zs") ?? []
    path = Body(try node.subgraph(Self.target))
    guard path.graph.inputTypes.count == xs.count + zs.count, node.outputCount <= xs.count else {
      throw TensorError(
        .operand,
        "Gradient: the node has \(node.outputCount) outputs for the \(xs.count) values in xs, by which it differentiates"
      )
    }
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    graphAttributes.merging([
      "xs": .strings(xs.map { Array($0.utf8) }), "zs": .strings(zs.map { Array($0.utf8) }),
    ]) { $1 }
  }

  package var bodies: [(attribute: String, graph: any Subgraph)] { [(Self.target, path.graph)] }
  package var ownInputCount: Int { xs.count + zs.count }
  package func bodyInput(ofInput index: Int) -> Int? { index < ownInputCount ? index : nil }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    try xs.indices.map { .tensor(try tensorType(inputs, $0, of: Self.schema)) }
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let given = try (0..<ownInputCount).map { try tensor(inputs, $0, of: Self.schema) }
    let captured = try captured(inputs)
    // Whether somebody outside differentiates what comes out.
    let isRecorded = Context.current.records && inputs.contains { $0?.tensor?.requiresGrad ?? false }
    let gradients = try inferenceMode(false) {
      try Context.with({ $0.gradMode = true }) {
        let values = try given.enumerated().map { index, tensor in
          index >= xs.count || isRecorded && tensor.requiresGrad ? tensor : try tensor.detach().requiringGrad()
        }
        let outputs = try run(0, values.map(Value.tensor), captured)
        guard case .tensor(let y)? = outputs.first else {
          throw TensorError(.operand, "Gradient: the value to differentiate should be a tensor")
        }
        let wanted = Array(values.prefix(xs.count))
        guard y.requiresGrad else { return [Tensor?](repeating: nil, count: wanted.count) }
        return try grad(
          of: [y], withRespectTo: wanted, gradients: [Tensor.full(y.shape, 1, dtype: y.dtype)],
          createGraph: isRecorded, allowUnused: true)
      }
    }
    return try zip(gradients, given).map { gradient, x in
      .tensor(try gradient ?? Tensor.full(x.shape, 0, dtype: x.dtype))
    }
  }
}
