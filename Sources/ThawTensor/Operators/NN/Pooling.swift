import ThawKernels
import ThawTypes

/// What the pools and their gradients share.
struct Pooling {
  let name: String
  let window: SlidingWindow
  let ceilMode: Bool

  /// The attributes, of which only those that say something are written.
  func attributes(_ others: [String: Attribute] = [:]) -> [String: Attribute] {
    window.attributes.merging(others) { $1 }.merging(ceilMode ? ["ceil_mode": .int(1)] : [:]) { $1 }
  }

  /// The pooled type, from the input's.
  func outputType(_ x: TensorType) throws -> TensorType {
    guard x.dtype.isFloatingPoint || x.dtype.isInteger else {
      throw TensorError(.dtype, "\(name): the input is \(x.dtype), and only numbers are pooled")
    }
    guard let dims = x.dims else { return TensorType(x.dtype, nil) }
    let space = try SlidingWindow.spatial(dims, in: name)
    let kernel = try kernel(rank: space.count)
    let output = try window.outputDims(over: space, kernel: kernel, ceilMode: ceilMode, in: name)
    return TensorType(x.dtype, dims[..<2] + output)
  }

  private func kernel(rank: Int) throws -> [Int] {
    guard let kernel = window.kernel else {
      throw TensorError(.operand, "\(name): the attribute 'kernel_shape' is missing")
    }
    guard kernel.count == rank else {
      throw TensorError(
        .operand, "\(name): the attribute kernel_shape is \(kernel), and the input has \(rank) spatial axes")
    }
    return kernel
  }

  /// The windows' places over an input of `shape`; all of them meet the input, or its pads when these count.
  func geometry(over shape: [Int], countsPads: Bool = false) throws -> WindowGeometry {
    let space = try SlidingWindow.spatial(shape, in: name)
    let geometry = try window.geometry(
      over: space, kernel: try kernel(rank: space.count), ceilMode: ceilMode, in: name)
    if !countsPads { try geometry.checkNoWindowIsEmpty(in: name) }
    return geometry
  }

  func request(
    _ function: PoolingFunction, _ direction: PassDirection, dtype: DType, planes: [Int], geometry: WindowGeometry,
    columnMajor: Bool = false, hasIndices: Bool = false
  ) -> PoolingRequest {
    PoolingRequest(
      function: function, direction: direction, dtype: dtype, batch: planes[0], channels: planes[1],
      inputSize: geometry.input, kernelSize: geometry.kernel, outputSize: geometry.output, strides: geometry.strides,
      dilations: geometry.dilations, padsBegin: geometry.padsBegin, padsEnd: geometry.padsEnd,
      columnMajorIndices: columnMajor, hasIndices: hasIndices)
  }

  /// The type of the gradient of a pool's input, whose spatial sizes are a value.
  func gradientType(_ gradient: TensorType, size: [Int]?, countsPads: Bool = false) throws -> TensorType {
    guard let dims = gradient.dims else { return TensorType(gradient.dtype, nil) }
    let space = try SlidingWindow.spatial(dims, in: name)
    guard let size else { return TensorType(gradient.dtype, dims[..<2] + space.map { _ in .unknown }) }
    guard size.count == space.count else {
      throw TensorError(.shape, "\(name): the sizes are \(size), and the gradient has \(space.count) spatial axes")
    }
    let pooled = try geometry(over: [1, 1] + size, countsPads: countsPads).output
    if let output = TensorType(.int64, space).shape, output != pooled {
      throw TensorError(
        .shape,
        "\(name): over an input of spatial sizes \(size) the pool gives \(pooled), and the gradient has \(output)")
    }
    return TensorType(gradient.dtype, dims[..<2] + size.map(Dim.known))
  }
}
