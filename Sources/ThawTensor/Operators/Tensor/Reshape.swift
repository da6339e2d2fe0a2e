import ThawTypes

/// The same elements in another shape (ONNX Reshape-1, 5, 13, 14, 19, 21, 23, 24, 25).
///
/// In the shape, 0 keeps the input's dimension (unless `allowsZero`) and one -1 takes what is left.
public struct Reshape: Primitive {
  public var allowsZero: Bool

  public init(allowsZero: Bool = false) { self.allowsZero = allowsZero }

  public static let schema = Schema(
    "Reshape", versions: [1, 5, 13, 14, 19, 21, 23, 24, 25],
    inputs: [Input("data"), Input("shape", .index, value: true)], outputs: [Output("reshaped")], batch: .reshaping)

  public init(_ node: NodeReader) throws {
    self.init(allowsZero: node.version >= 14 ? try node.flag("allowzero", default: false) : false)
    guard node.version < 5 else { return }
    node.supply(try Tensor(copying: try node.required("shape", try node.ints("shape")), shape: nil), asInput: 1)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { allowsZero ? ["allowzero": .int(1)] : [:] }

  public var minimumOpset: Int { allowsZero ? 14 : 5 }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let data = try tensorType(inputs, 0, of: Self.schema)
    guard let target = try known.integers(1) else {
      return [.tensor(TensorType(data.dtype, try tensorType(inputs, 1, of: Self.schema).unknownDims))]
    }
    if let shape = data.shape { return [.tensor(TensorType(data.dtype, shape: try resolve(target, from: shape)))] }
    try check(target)
    var dims = target.enumerated().map { axis, size -> Dim in
      switch size {
      case 0 where !allowsZero: data.dims.map { axis < $0.count ? $0[axis] : .unknown } ?? .unknown
      case -1: .unknown
      default: .known(size)
      }
    }
    if let open = target.firstIndex(of: -1), let left = leftover(of: data.dims, taking: dims) { dims[open] = left }
    return [.tensor(TensorType(data.dtype, dims))]
  }

  /// What a -1 takes when the named dimensions of both sides cancel.
  private func leftover(of source: [Dim]?, taking dims: [Dim]) -> Dim? {
    guard var remaining = source else { return nil }
    var divisor = 1
    for dim in dims where dim != .unknown {
      if let index = remaining.firstIndex(of: dim) {
        remaining.remove(at: index)
      } else if let value = dim.value {
        let (product, overflow) = divisor.multipliedReportingOverflow(by: value)
        if overflow { return nil }
        divisor = product
      } else {
        return nil
      }
    }
    guard dims.filter({ $0 == .unknown }).count == 1, divisor != 0 else { return nil }
    let symbols = remaining.filter { $0.value == nil }
    guard let product = DType.elementCount(of: remaining.compactMap(\.value)) else { return nil }
    if symbols.isEmpty { return product % divisor == 0 ? .known(product / divisor) : nil }
    return symbols.count == 1 && product == divisor ? symbols[0] : nil
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let data = try tensor(inputs, 0, of: Self.schema)
    let shape = try resolve(try tensor(inputs, 1, of: Self.schema).integers(), from: data.shape)
    if case .strings(let strings) = data.contents { return [.tensor(try Tensor(strings: strings, shape: shape))] }
    return [.tensor(try data.contiguous().view(shape: shape, strides: Strides.contiguous(for: shape)))]
  }

  private func check(_ target: [Int]) throws {
    guard target.filter({ $0 == -1 }).count <= 1, !target.contains(where: { $0 < -1 }) else {
      throw TensorError(.shape, "Reshape: the shape \(target) may hold one -1 and no other negative number")
    }
  }

  private func resolve(_ target: [Int], from source: [Int]) throws -> [Int] {
    var shape = target
    for (axis, size) in target.enumerated() where size == 0 && !allowsZero {
      guard axis < source.count else {
        throw TensorError(
          .shape, "Reshape: the shape \(target) keeps dimension \(axis), and the input of shape \(source) has none")
      }
      shape[axis] = source[axis]
    }
    let count = source.reduce(1, *)
    try check(target)
    if let axis = target.firstIndex(of: -1) {
      let others = DType.elementCount(of: shape.enumerated().filter { $0.offset != axis }.map(\.element)) ?? 0
      guard others != 0, count % others == 0 else {
        throw TensorError(.shape, "Reshape: \(count) elements of shape \(source) do not divide into \(target)")
      }
      shape[axis] = count / others
    }
    guard DType.elementCount(of: shape) == count else {
      throw TensorError(
        .shape, "Reshape: the input of shape \(source) has \(count) elements, which do not fill the shape \(target)")
    }
    return shape
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [(inputs[0]?.tensor).map { .tensor($0.shapeTensor()) }]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    return [try apply(Reshape(allowsZero: true), to: gradient, try tensor(saved, 0, of: Self.schema)), nil]
  }
}

extension Tensor {
  /// The same elements in another shape, one dimension of which may be -1; see `Reshape`.
  public func reshaped(to shape: [Int]) -> Tensor {
    .catching { try apply(Reshape(allowsZero: shape.contains(0)), to: self, Tensor(shape)) }
  }

  /// See `Reshape`.
  public func reshaped(to shape: Tensor) -> Tensor { .catching { try apply(Reshape(), to: self, shape) } }
}
