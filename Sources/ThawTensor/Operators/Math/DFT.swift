import Foundation
import ThawTypes

/// The discrete Fourier transform along an axis, or its inverse (ONNX DFT-17, 20).
///
/// The last axis holds a real number or its real and imaginary parts. With `isOnesided` the transform of real numbers is
/// given by its first half, and the inverse makes real numbers of that half. A length is taken apart into its factors
/// (Cooley and Tukey, 1965), each of which is a product with a small matrix: the time grows with the length times the
/// sum of the factors, the memory of the matrices with the square of the largest.
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
    // Real numbers of even length are the parts of half as many complex ones.
    let isHalved = x.shape[x.rank - 1] == 1 && plan.parts == 2 && plan.length % 2 == 0
    let factors = Self.factors(of: isHalved ? plan.length / 2 : plan.length)
    guard factors.allSatisfy({ $0 * $0 <= 1 << 26 }) else {
      throw TensorError(
        .memory, "DFT: the length \(plan.length) has a prime factor whose matrix is larger than Thaw makes")
    }
    // The axis before the last one, cut or filled up with zeros to what is read.
    var order = Array(0..<x.rank)
    order.swapAt(plan.axis, x.rank - 2)
    var pads = [Int](repeating: 0, count: 2 * x.rank)
    pads[2 * x.rank - 2] = plan.read - x.shape[plan.axis]
    let precision: DType = x.dtype == .float64 ? .float64 : .float32
    var signal = x.transposed(order).padded(pads).asType(precision)
    if plan.read < plan.length { signal = try mirrored(signal, to: plan.length) }
    var result = try isHalved ? unfolded(signal, factors) : transformed(signal, factors)
    if isHalved, !isOnesided { result = try mirrored(result, to: plan.length) }
    if plan.parts == 1 { result = result.slice(starts: [0], ends: [1], axes: [-1]) }
    if plan.results < result.shape[x.rank - 2] { result = result.slice(starts: [0], ends: [plan.results], axes: [-2]) }
    if isInverse { result = result * (1 / Double(plan.length)) }
    return [.tensor(result.asType(x.dtype).transposed(order))]
  }

  /// Eights, then a four or a two, then odd primes; none for 1.
  private static func factors(of length: Int) -> [Int] {
    var (rest, factors, divisor) = (length, [Int](), 3)
    for factor in [8, 4, 2] {
      while rest % factor == 0 {
        factors.append(factor)
        rest /= factor
      }
    }
    while rest > 1 {
      if divisor * divisor > rest { divisor = rest }
      while rest % divisor == 0 {
        factors.append(divisor)
        rest /= divisor
      }
      divisor += 2
    }
    return factors
  }

  /// The whole of which the second half is the first one's mirror image, conjugated: what becomes real numbers.
  private func mirrored(_ half: Tensor, to length: Int) throws -> Tensor {
    let count = length / 2 + 1
    let places = try Tensor.vector(length) { $0 < count ? $0 : length - $0 }
    let signs = try Tensor.vector(2 * length) { $0 % 2 == 1 && $0 / 2 >= count ? -1.0 : 1.0 }
    let whole = half.gather(places, axis: -2)
    return half.shape[half.rank - 1] == 1 ? whole : whole * signs.reshaped(to: [length, 2]).cast(to: half.dtype)
  }

  /// The first half, both its ends included, of the transform of real numbers, not scaled.
  ///
  /// Neighbours are taken for the parts of one complex number. What these transform to and its mirror image, conjugated,
  /// add to the transform of the even places, and subtract to i times that of the odd ones.
  private func unfolded(_ signal: Tensor, _ factors: [Int]) throws -> Tensor {
    let half = factors.reduce(1, *)
    let packed = try transformed(try reshaped(signal, after: signal.rank - 2, to: [half, 2]), factors)
    let other = packed.gather(try Tensor.vector(half + 1) { (half - $0) % half }, axis: -2)
    let conjugate = other * Tensor([1, -1], shape: [2]).cast(to: packed.dtype)
    let whole = packed.gather(try Tensor.vector(half + 1) { $0 % half }, axis: -2)
    let (even, odd) = ((whole + conjugate) * 0.5, (whole - conjugate) * 0.5)
    let sign = isInverse ? 1.0 : -1.0
    let angles = (0...half).map { Double.pi * Double($0) / Double(half) }
    let sines = try Tensor(copying: angles.map { sign * sin($0) }, shape: [half + 1, 1]).cast(to: packed.dtype)
    let cosines = try Tensor(copying: angles.flatMap { [cos($0), -cos($0)] }, shape: [half + 1, 2])
    return even + odd * sines + odd.gather(Tensor([1, 0]), axis: -1) * cosines.cast(to: packed.dtype)
  }

  /// The same elements with other sizes after the first `batchRank` axes.
  private func reshaped(_ x: Tensor, after batchRank: Int, to sizes: [Int]) throws -> Tensor {
    let batch = x.shapeTensor().slice([0..<batchRank])
    return try apply(Reshape(allowsZero: true), to: x, .concat([batch, Tensor(sizes)]))
  }

  /// The transform, not scaled, along the axis before the last, of the length that the factors multiply to.
  ///
  /// At each factor the signal is (…, rest, done, factor, parts): what is done are the lower digits of the places of the
  /// result, the rest those of the signal that are still to come.
  private func transformed(_ signal: Tensor, _ factors: [Int]) throws -> Tensor {
    let batchRank = signal.rank - 2
    func shaped(_ x: Tensor, _ last: [Int]) throws -> Tensor { try reshaped(x, after: batchRank, to: last) }
    func permuted(_ x: Tensor, _ last: [Int]) -> Tensor {
      x.transposed(Array(0..<batchRank) + last.map { $0 + batchRank })
    }
    var rest = factors.reduce(1, *)
    var done = 1
    var parts = signal.shape[signal.rank - 1]
    // Of one place: the matrix of the factor 1 adds what parts are missing.
    let factors = factors.isEmpty ? [1] : factors
    var x = permuted(try shaped(signal, [factors[0], rest / factors[0], 1, parts]), [1, 2, 0, 3])
    for (index, factor) in factors.enumerated() {
      rest /= factor
      let rows = try shaped(x, [rest * done, factor * parts])
      func product(turned: Bool) throws -> Tensor {
        let matrix = try Tensor(
          copying: matrix(factor, parts: parts, turned: turned), shape: [factor * parts, factor * 2])
        return try shaped(rows.matmul(matrix.cast(to: x.dtype)), [rest, done, factor, 2])
      }
      x = try product(turned: false)
      guard rest > 1 else { break }
      let angles = (0..<(rest * factor)).map {
        2 * Double.pi * Double($0 / factor * ($0 % factor)) / Double(rest * factor)
      }
      func twiddles(_ function: (Double) -> Double) throws -> Tensor {
        try Tensor(copying: angles.map(function), shape: [rest, 1, factor, 1]).cast(to: x.dtype)
      }
      let sign = isInverse ? 1.0 : -1.0
      x = x * (try twiddles { cos($0) }) + (try product(turned: true)) * (try twiddles { sign * sin($0) })
      parts = 2
      let next = factors[index + 1]
      x = permuted(try shaped(x, [next, rest / next, done, factor, 2]), [1, 3, 2, 0, 4])
      done *= factor
    }
    return try shaped(permuted(x, [0, 2, 1, 3]), [factors.reduce(1, *), 2])
  }

  /// From each part of each place to the parts of each result, times i when `turned`, row-major.
  private func matrix(_ length: Int, parts: Int, turned: Bool) -> [Double] {
    let sign = isInverse ? 1.0 : -1.0
    var matrix: [Double] = []
    matrix.reserveCapacity(length * parts * length * 2)
    for place in 0..<length {
      for part in 0..<parts {
        for result in 0..<length {
          let angle = 2 * Double.pi * Double(place * result % length) / Double(length)
          var (real, imaginary) = (cos(angle), sign * sin(angle))
          for _ in 0..<(part + (turned ? 1 : 0)) { (real, imaginary) = (-imaginary, real) }
          matrix += [real, imaginary]
        }
      }
    }
    return matrix
  }
}
