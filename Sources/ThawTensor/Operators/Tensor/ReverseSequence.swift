import ThawKernels
import ThawTypes

/// The first so many elements of each sequence of a batch in reverse order (ONNX ReverseSequence-10, 28).
public struct ReverseSequence: Primitive {
  public var batchAxis: Int
  public var timeAxis: Int

  public init(batchAxis: Int = 1, timeAxis: Int = 0) {
    self.batchAxis = batchAxis
    self.timeAxis = timeAxis
  }

  public static let schema = Schema(
    "ReverseSequence", versions: [10, 28],
    inputs: [Input("input"), Input("sequence_lens", .index)], batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(batchAxis: try node.int("batch_axis", default: 1), timeAxis: try node.int("time_axis", default: 0))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["batch_axis": .int(batchAxis), "time_axis": .int(timeAxis)]
  }

  private func checkedAxes(rank: Int) throws -> (batch: Int, time: Int) {
    let batch = try Shapes.normalize(axis: batchAxis, rank: rank, in: "ReverseSequence")
    let time = try Shapes.normalize(axis: timeAxis, rank: rank, in: "ReverseSequence")
    guard batch + time == 1 else {
      throw TensorError(
        .range, "ReverseSequence: batch and time axis are \(batchAxis) and \(timeAxis), and should be 0 and 1")
    }
    return (batch, time)
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    guard let axis = batch[0], let axes = try? checkedAxes(rank: batch.shape(0).count) else { return batch.mixed }
    if axis == axes.batch { return batch[1] == 0 || batch.isSame(1, fromEnd: 1) ? batch.all(axis) : batch.mixed }
    return batch.kept(apartFrom: [axes.time])
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    guard let dims = input.dims else { return [.tensor(input)] }
    let batch = try checkedAxes(rank: dims.count).batch
    if let found = try tensorType(inputs, 1, of: Self.schema).shape, let size = dims[batch].value, found != [size] {
      throw TensorError(
        .shape, "ReverseSequence: sequence_lens has the shape \(found), and there are \(size) sequences")
    }
    return [.tensor(input)]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let (batch, time) = try checkedAxes(rank: x.rank)
    let lengths = try tensor(inputs, 1, of: Self.schema).integers()
    if let wrong = lengths.first(where: { $0 < 0 || $0 > x.shape[time] }) {
      throw TensorError(
        .range, "ReverseSequence: a length is \(wrong), and sequences have 0 to \(x.shape[time]) elements")
    }
    // The rows of the first two axes, by number.
    let rows = try Tensor.vector(x.shape[0] * x.shape[1]) { row -> Int in
      var place = [row / x.shape[1], row % x.shape[1]]
      let length = lengths[place[batch]]
      if place[time] < length { place[time] = length - 1 - place[time] }
      return place[0] * x.shape[1] + place[1]
    }
    let flat = [x.shape[0] * x.shape[1]] + x.shape[2...]
    let picked = try x.contiguous().view(shape: flat, strides: Strides.contiguous(for: flat)).gathered(rows, axis: 0)
    return [.tensor(try picked.view(shape: x.shape, strides: Strides.contiguous(for: x.shape)))]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { [inputs[1]] }

  /// Reversed twice everything is in its place.
  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil] }
    return [try apply(self, to: gradient, try tensor(saved, 0, of: Self.schema)), nil]
  }
}
