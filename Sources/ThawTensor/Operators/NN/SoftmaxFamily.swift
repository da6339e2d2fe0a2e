import ThawKernels
import ThawTypes

/// What Softmax, LogSoftmax and their gradients share: an axis, and what they make of it.
protocol SoftmaxFamily: Primitive {
  /// Whether results are logarithms.
  static var isLog: Bool { get }
  var axis: Int { get }
  /// Before version 13 the axis splits the tensor into a matrix, whose rows are taken whole.
  var flattensFromAxis: Bool { get }
  init(axis: Int, flattensFromAxis: Bool)
}

extension SoftmaxFamily {
  /// The axis counted from the front; a scalar counts as a vector of one.
  func checkedAxis(rank: Int) throws -> Int {
    try Shapes.normalize(axis: axis, rank: max(rank, 1), in: Self.schema.name)
  }

  /// The axes summed along, for expansions.
  func summedAxes(rank: Int) throws -> [Int] {
    let first = try checkedAxis(rank: rank)
    return flattensFromAxis ? Array(first..<rank) : rank == 0 ? [] : [first]
  }

  /// The kernel for a tensor taken as (outer, length, inner), the exponentials summed along the middle.
  func request(_ direction: PassDirection, for x: Tensor) throws -> SoftmaxRequest {
    let axis = try checkedAxis(rank: x.rank)
    func request(_ outer: Int, _ length: Int, _ inner: Int) -> SoftmaxRequest {
      SoftmaxRequest(
        isLog: Self.isLog, direction: direction, dtype: x.dtype, outer: outer, length: length, inner: inner)
    }
    guard x.rank > 0 else { return request(1, 1, 1) }
    let outer = x.shape[..<axis].reduce(1, *)
    if flattensFromAxis { return request(outer, x.shape[axis...].reduce(1, *), 1) }
    return request(outer, x.shape[axis], x.shape[(axis + 1)...].reduce(1, *))
  }
}

/// Softmax or its logarithm.
protocol SoftmaxForward: SoftmaxFamily, Superseded {
  associatedtype Gradient: SoftmaxBackward
}

extension SoftmaxForward {
  public init(_ node: NodeReader) throws {
    self.init(
      axis: try node.int("axis", default: node.version < 13 ? 1 : -1), flattensFromAxis: node.version < 13)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    guard flattensFromAxis == (opset < 13) else {
      throw TensorError(
        .unsupported,
        "\(Self.schema.name) as written before opset 13 takes rows from its axis on, which opset \(opset) "
          + "cannot say")
    }
    return ["axis": .int(axis)]
  }

  public var minimumOpset: Int { flattensFromAxis ? 1 : 13 }

  package var isSuperseded: Bool { flattensFromAxis }

  /// The rows of a matrix, and the tensor's shape again; along the last axis the tensor's own rows.
  package func successor(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let axis = try checkedAxis(rank: x.rank)
    if axis >= x.rank - 1 { return [.tensor(try apply(Self(axis: -1, flattensFromAxis: false), to: x))] }
    let rows = try apply(Self(axis: 1, flattensFromAxis: false), to: x.flatten(axis: axis))
    return [.tensor(try apply(Reshape(allowsZero: true), to: rows, x.shapeTensor()))]
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    flattensFromAxis ? batch.kept(before: axis) : batch.kept(apartFrom: [axis])
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    if let dims = input.dims { _ = try checkedAxis(rank: dims.count) }
    return [.tensor(input)]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let request = try request(.forward, for: x)
    if !Self.isLog, x.dtype.isFloatingPoint, x.dtype.bitWidth < 32 { return [.tensor(try stepwise(x, request))] }
    return [.tensor(try compute(request, x.contiguous(), dtype: x.dtype, shape: x.shape))]
  }

  /// Of narrow types every step is rounded to the type, as the function that ONNX gives for the operator has it.
  private func stepwise(_ x: Tensor, _ request: SoftmaxRequest) throws -> Tensor {
    try withErrors {
      let rows = x.reshaped(to: [request.outer, request.length, request.inner])
      let exponentials = (rows - rows.max(axes: [1], keepDims: true)).exp()
      return (exponentials / exponentials.sum(axes: [1], keepDims: true)).reshaped(to: x.shapeTensor())
    }
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { [outputs[0]] }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    let operation = Gradient(axis: axis, flattensFromAxis: flattensFromAxis)
    return [try apply(operation, to: gradient, try tensor(saved, 0, of: Self.schema))]
  }
}

/// The gradient of Softmax or of its logarithm, from dY and Y.
protocol SoftmaxBackward: SoftmaxFamily, Expandable {
  /// The gradient in ONNX's operators.
  func expansion(_ gradient: Tensor, _ y: Tensor) throws -> Tensor
}

extension Schema {
  static func softmaxGradient(_ name: String) -> Schema {
    Schema(
      name, domain: .thaw, versions: [1], inputs: [Input("dY"), Input("Y")], outputs: [Output("dX")], batch: .mixing)
  }
}

extension SoftmaxBackward {
  public init(_ node: NodeReader) throws {
    self.init(
      axis: try node.int("axis", default: -1), flattensFromAxis: try node.flag("flattens_from_axis", default: false))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["axis": .int(axis), "flattens_from_axis": .int(flattensFromAxis ? 1 : 0)]
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(try tensorType(inputs, 1, of: Self.schema))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    let y = try tensor(inputs, 1, of: Self.schema)
    guard gradient.shape == y.shape, gradient.dtype == y.dtype else {
      throw TensorError(
        .shape, "\(Self.schema.name): the gradient is \(gradient.type) and the output \(y.type); they should agree")
    }
    let request = try request(.backward, for: y)
    return [.tensor(try compute(request, gradient.contiguous(), y.contiguous(), dtype: y.dtype, shape: y.shape))]
  }

  public func expansion(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    return [.tensor(try expansion(gradient, try tensor(inputs, 1, of: Self.schema)))]
  }
}
