import Foundation
import ThawTypes

/// The discrete Fourier transform along an axis, or its inverse (ONNX DFT-17, 20).
///
/// The last axis holds a real number or its real and imaginary parts. With `isOnesided` the transform of real numbers is
/// given by its first half, and the inverse makes real numbers of that half. It is computed as a product with a matrix,
/// so that its time and memory grow with the square of the length.
public struct DFT: Composite {
  public var isInverse: Bool
  public var isOnesided: Bool

  public init(isInverse: Bool = false, isOnesided: Bool = false) {
    self.isInverse = isInverse
    self.isOnesided = isOnesided
  }

  public static let schema = Schema(
    "DFT", versions: [17, 20],
    inputs: [
      Input("input"), Input("dft_length", .index, value: true, optional: true),
      Input("axis", .index, value: true, optional: true),
    ], outputs: [Output("output")], batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(
      isInverse: try node.flag("inverse", default: false), isOnesided: try node.flag("onesided", default: false))
    guard node.version < 20 else { return }
    node.supply(try Tensor(copying: [try node.int("axis", default: 1)], shape: []), asInput: 2)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["inverse": .int(isInverse ? 1 : 0), "onesided": .int(isOnesided ? 1 : 0)]
  }

  public var minimumOpset: Int { 20 }

  /// The axis, how many of its elements are read, how many come out, and how many numbers they have.
  private struct Plan {
    let axis: Int
    let length: Int
    let read: Int
    let results: Int
    let parts: Int
  }

  private func plan(_ dims: [Dim], length: [Int]?, axis: [Int]?) throws -> Plan? {
    let axis = axis ?? [-2]
    guard axis.count == 1, length.map({ $0.count == 1 }) ?? true else {
      throw TensorError(.shape, "DFT: dft_length and axis should be one number each")
    }
    let place = try Shapes.normalize(axis: axis[0], rank: dims.count, in: "DFT")
    guard dims.count >= 2, place < dims.count - 1, dims[dims.count - 1].value.map({ $0 == 1 || $0 == 2 }) ?? true else {
      throw TensorError(
        .shape,
        "DFT: the input has the dimensions [\(dims.map(\.description).joined(separator: ", "))]; the last should be 1 or "
          + "2, and the axis another")
    }
    let isReal = isInverse && isOnesided
    guard let count = length?[0] ?? dims[place].value.map({ isReal ? 2 * ($0 - 1) : $0 }) else { return nil }
    guard count > 0, count <= 1 << 20 else {
      throw TensorError(.range, "DFT: the length is \(count), and should be from 1 to 2²⁰")
    }
    let half = count / 2 + 1
    return Plan(
      axis: place, length: count, read: isReal ? half : count, results: isOnesided && !isReal ? half : count,
      parts: isReal ? 1 : 2)
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let axis = batch.input(2) == nil ? [-2] : batch.integers(2)
    return axis.map { batch.kept(apartFrom: $0 + [-1]) } ?? batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard x.dtype.isFloatingPoint else { throw TensorError(.dtype, "DFT: the input is \(x), and should be floating") }
    func isUnknown(_ index: Int) -> Bool { index < inputs.count && inputs[index] != nil && known[index] == nil }
    guard var dims = x.dims else { return [.tensor(x)] }
    guard !isUnknown(2) else { return [.tensor(TensorType(x.dtype, dims.map { _ in .unknown }))] }
    guard !isUnknown(1), let plan = try plan(dims, length: try known.integers(1), axis: try known.integers(2)) else {
      let axis = try known.integers(2)?.first ?? -2
      dims[try Shapes.normalize(axis: axis, rank: dims.count, in: "DFT")] = .unknown
      dims[dims.count - 1] = .known(isInverse && isOnesided ? 1 : 2)
      return [.tensor(TensorType(x.dtype, dims))]
    }
    dims[plan.axis] = .known(plan.results)
    dims[dims.count - 1] = .known(plan.parts)
    return [.tensor(TensorType(x.dtype, dims))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let length = try optionalTensor(inputs, 1, of: Self.schema)?.integers()
    let axis = try optionalTensor(inputs, 2, of: Self.schema)?.integers()
    guard let plan = try plan(x.shape.map(Dim.known), length: length, axis: axis) else {
      throw TensorError(.internal, "DFT: no plan for known dimensions")
    }
    guard plan.read * plan.results <= 1 << 26 else {
      throw TensorError(.memory, "DFT: the matrix of a transform of \(plan.length) places is larger than Thaw makes")
    }
    // The axis before the last one, cut or filled up with zeros to what is read.
    var order = Array(0..<x.rank)
    order.swapAt(plan.axis, x.rank - 2)
    var pads = [Int](repeating: 0, count: 2 * x.rank)
    pads[2 * x.rank - 2] = plan.read - x.shape[plan.axis]
    let signal = x.transposed(order).padded(pads)
    let batch = signal.shapeTensor().slice([0..<(x.rank - 2)])
    func shaped(_ x: Tensor, _ last: [Int]) throws -> Tensor {
      try apply(Reshape(allowsZero: true), to: x, .concat([batch, Tensor(last)]))
    }
    let matrix = try Tensor(copying: matrix(plan, parts: x.shape[x.rank - 1]), shape: nil)
      .reshaped(to: [plan.read * x.shape[x.rank - 1], plan.results * plan.parts]).cast(to: x.dtype)
    let product = try shaped(signal, [plan.read * x.shape[x.rank - 1]]).matmul(matrix)
    return [.tensor(try shaped(product, [plan.results, plan.parts]).transposed(order))]
  }

  /// From each part of each element read to each part of each result, row-major.
  private func matrix(_ plan: Plan, parts: Int) throws -> [Double] {
    let sign = isInverse ? 1.0 : -1.0
    let scale = isInverse ? 1 / Double(plan.length) : 1
    var matrix: [Double] = []
    matrix.reserveCapacity(plan.read * parts * plan.results * plan.parts)
    for element in 0..<plan.read {
      // Of a half, every element but the first and the middle one stands for two.
      let isDouble = plan.parts == 1 && element > 0 && 2 * element != plan.length
      let weight = isDouble ? 2 * scale : scale
      for part in 0..<parts {
        for result in 0..<plan.results {
          let angle = 2 * Double.pi * Double(element * result % plan.length) / Double(plan.length)
          let (real, imaginary) = (weight * cos(angle), weight * sign * sin(angle))
          matrix.append(part == 0 ? real : -imaginary)
          if plan.parts == 2 { matrix.append(part == 0 ? imaginary : real) }
        }
      }
    }
    return matrix
  }
}
