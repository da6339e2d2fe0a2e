import ThawTypes

/// Classes drawn, for each row of the input, with the probabilities whose logarithms it gives (ONNX Multinomial-7, 22).
///
/// The logarithms need not be of numbers that sum to 1.
public struct Multinomial: RandomNumbers {
  public var count: Int
  public var dtype: DType
  public var seed: Float?

  public init(count: Int = 1, dtype: DType = .int32, seed: Float? = nil) {
    self.count = count
    self.dtype = dtype
    self.seed = seed
  }

  public static let schema = Schema(
    "Multinomial", versions: [7, 22], inputs: [Input("input", .index)],
    outputs: [Output("output", differentiable: false)], batch: .drawing,
    differentiability: .never(because: "a class is a whole number"))

  public init(_ node: NodeReader) throws {
    self.init(
      count: try node.int("sample_size", default: 1), dtype: try node.dtype("dtype") ?? .int32,
      seed: try node.float("seed"))
    guard dtype == .int32 || dtype == .int64 else {
      throw TensorError(.unsupported, "Multinomial: the attribute dtype is \(dtype); it may be int32 or int64")
    }
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["sample_size": .int(count), "dtype": .int(Int(dtype.rawValue))].merging(seedAttribute) { $1 }
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    guard input.dtype.isFloatingPoint, input.dims.map({ $0.count == 2 && $0[1] != .known(0) }) ?? true else {
      throw TensorError(.shape, "Multinomial: the input is \(input), and should be a floating matrix, a row a draw")
    }
    guard DType.elementCount(of: [count, input.dims?[0].value ?? 1]) != nil else {
      throw TensorError(.shape, "Multinomial: the attribute sample_size is \(count)")
    }
    return [.tensor(TensorType(dtype, [input.dims?[0] ?? .unknown, .known(count)]))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(input.type)], known: KnownValues())
    let sums = try withErrors { input.cast(to: .float64).softmax(axis: 1).cumulativeSum(axis: 1) }
    let limits = try sums.elements(as: Double.self)
    let numbers = try source.uniform([input.shape[0], count], dtype: .float64).elements(as: Double.self)
    let classes = input.shape[1]
    let drawn = try Tensor.vector(numbers.count) { index -> Int in
      let row = limits[(index / count * classes)..<((index / count + 1) * classes)]
      // Rounding may leave the last sum below 1.
      return (row.firstIndex { numbers[index] < $0 } ?? row.endIndex - 1) - row.startIndex
    }
    let shape = [input.shape[0], count]
    return [.tensor(try drawn.view(shape: shape, strides: Strides.contiguous(for: shape)).numbers(as: dtype))]
  }
}
