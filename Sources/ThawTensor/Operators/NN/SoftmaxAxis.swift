import ThawKernels
import ThawTypes

/// The axis of Softmax, LogSoftmax and their gradients, and what all four do with it.
struct SoftmaxAxis {
  let name: String
  let axis: Int
  let flattensFromAxis: Bool

  func attributes(opset: Int) throws -> [String: Attribute] {
    guard flattensFromAxis == (opset < 13) else {
      throw TensorError(
        .unsupported, "\(name) as written before opset 13 takes rows from its axis on, which opset \(opset) cannot say")
    }
    return ["axis": .int(axis)]
  }

  /// The axis counted from the front; a scalar counts as a vector of one.
  func check(rank: Int) throws -> Int { try Shapes.normalize(axis: axis, rank: max(rank, 1), in: name) }

  /// The tensor as (outer, length, inner), the exponentials summed along the middle.
  private func split(_ shape: [Int]) throws -> (outer: Int, length: Int, inner: Int) {
    let axis = try check(rank: shape.count)
    guard !shape.isEmpty else { return (1, 1, 1) }
    let outer = shape[..<axis].reduce(1, *)
    if flattensFromAxis { return (outer, shape[axis...].reduce(1, *), 1) }
    return (outer, shape[axis], shape[(axis + 1)...].reduce(1, *))
  }

  func forward(_ x: Tensor, isLog: Bool) throws -> Tensor {
    let (outer, length, inner) = try split(x.shape)
    let request = SoftmaxRequest(
      isLog: isLog, direction: .forward, dtype: x.dtype, outer: outer, length: length, inner: inner)
    return try compute(request, x.contiguous(), dtype: x.dtype, shape: x.shape)
  }

  func backward(_ gradient: Tensor, _ y: Tensor, isLog: Bool) throws -> Tensor {
    guard gradient.shape == y.shape, gradient.dtype == y.dtype else {
      throw TensorError(.shape, "\(name): the gradient is \(gradient.type) and the output \(y.type); they should agree")
    }
    let (outer, length, inner) = try split(y.shape)
    let request = SoftmaxRequest(
      isLog: isLog, direction: .backward, dtype: y.dtype, outer: outer, length: length, inner: inner)
    return try compute(request, gradient.contiguous(), y.contiguous(), dtype: y.dtype, shape: y.shape)
  }

  /// The axes summed along, for expansions.
  func axes(rank: Int) throws -> [Int] {
    let first = try check(rank: rank)
    return flattensFromAxis ? Array(first..<rank) : rank == 0 ? [] : [first]
  }
}
