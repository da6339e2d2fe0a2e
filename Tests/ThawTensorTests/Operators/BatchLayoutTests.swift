import OperatorSamples
import Testing
import ThawTypes

@testable import ThawTensor

/// What operators say of the samples of a batch, held against what they compute.
///
/// Any axis of any input may be that of the samples. Where an operation says that they stay apart, a batch of one sample
/// over and over gives, in every place, what this sample gives among others.
@Suite("Batches") struct BatchLayoutTests {
  @Test("what is said of the batch holds", arguments: Row.all)
  func table(row: Row) throws { #expect(try BatchQuestion.contradiction(to: row) == nil) }

  @Test("operators of which no row keeps its samples apart")
  func mixing() throws {
    var apart: Set<String> = []
    for row in Row.all where try !BatchQuestion.answers(of: row).isEmpty {
      apart.insert(row.sample.operation.schema.name)
    }
    // Of strings, sequences and maps there are no batches of numbers to compare.
    let schemas = Operators.all.filter { !($0 is any ValueSampled.Type) }.map { $0.schema }
    let others = schemas.filter { $0.domain == .onnx && !apart.contains($0.name) }.map { $0.name }
    #expect(others == Self.mixingOperators)
  }

  /// Those that draw, that make something of no sample, whose results' shapes hang on numbers, or that have bodies; and
  /// those for which nothing is said.
  private static let mixingOperators = [
    "Bernoulli", "BlackmanWindow", "Compress", "ConstantOfShape", "DynamicQuantizeLinear", "EyeLike", "HammingWindow",
    "HannWindow", "If", "ImageDecoder", "Loop", "MaxRoiPool", "MaxUnpool", "MelWeightMatrix", "Multinomial",
    "NegativeLogLikelihoodLoss", "NonMaxSuppression", "NonZero", "RandomNormal", "RandomNormalLike", "RandomUniform",
    "RandomUniformLike", "Range", "RoiAlign", "Scan", "Scatter", "ScatterElements", "ScatterND", "Shape", "Size",
    "SoftmaxCrossEntropyLoss", "TensorScatter", "Unique",
  ]

  @Test("a wrong word is found out")
  func wrong() throws {
    let x = SampleInput.uniform([3, 4])
    for row in [Row(sample: Sample("mean", Centered(), x)), Row(sample: Sample("place", Numbered(), x))] {
      #expect(try BatchQuestion.contradiction(to: row) != nil)
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let operation: any Operator
    let inputs: [BatchLayout.Input?]
    let outputs: [[Int]]
    let expected: [BatchAxis?]

    init(
      _ name: String, _ operation: any Operator, _ inputs: [BatchLayout.Input?], _ outputs: [Int]...,
      expected: BatchAxis?...
    ) {
      (testDescription, self.operation, self.inputs, self.outputs) = (name, operation, inputs, outputs)
      self.expected = expected
    }
  }

  private static func batch(_ axis: Int, _ shape: [Int]) -> BatchLayout.Input { .init(.along(axis), shape: shape) }
  private static func same(_ shape: [Int], _ value: Tensor? = nil) -> BatchLayout.Input {
    .init(.same, shape: shape, value: value)
  }
  private static func numbers(_ values: [Int]) -> BatchLayout.Input { same([values.count], Tensor(values)) }

  /// Batches of five samples.
  static let cases: [Case] = [
    Case("a bias", Add(), [batch(0, [5, 3]), same([3])], [5, 3], expected: .along(0)),
    Case("a bias for each place in the batch", Add(), [batch(0, [5, 3]), same([5, 1])], [5, 3], expected: nil),
    Case("fewer axes on the left", Add(), [batch(0, [5, 1]), batch(1, [2, 5, 3])], [2, 5, 3], expected: .along(1)),
    Case("batches across each other", Add(), [batch(0, [5, 1]), batch(1, [1, 5])], [5, 5], expected: nil),
    Case(
      "the number of samples as a factor", Mul(), [batch(0, [5, 3]), .init(.count, shape: [])], [5, 3], expected: nil),
    Case("weights", MatMul(), [batch(0, [5, 7, 3]), same([3, 2])], [5, 7, 2], expected: .along(0)),
    Case(
      "a product with a batch", MatMul(), [batch(0, [5, 2, 3]), batch(0, [5, 3, 2])], [5, 2, 2], expected: .along(0)),
    Case("a product along the samples", MatMul(), [batch(1, [2, 5]), batch(0, [5, 2])], [2, 2], expected: nil),
    Case("rows", Gemm(), [batch(0, [5, 3]), same([3, 2]), same([2])], [5, 2], expected: .along(0)),
    Case("rows with a matrix", Gemm(), [batch(0, [5, 3]), same([3, 2]), same([5, 2])], [5, 2], expected: nil),
    Case("heads", Reshape(), [batch(0, [5, 7, 12]), .init(.count, shape: [4])], [5, 7, 3, 4], expected: .along(0)),
    Case("samples as rows", Reshape(), [batch(0, [5, 7, 12]), .init(.count, shape: [2])], [35, 12], expected: nil),
    Case("a number in front", Reshape(), [batch(0, [5, 8]), numbers([2, -1, 4])], [2, 5, 4], expected: nil),
    Case(
      "to the front", Transpose(permutation: [1, 0, 2]), [batch(1, [7, 5, 3])], [5, 7, 3], expected: .along(0)),
    Case("along features", Softmax(axis: -1), [batch(0, [5, 3])], [5, 3], expected: .along(0)),
    Case("along samples", Softmax(axis: 0), [batch(0, [5, 3])], [5, 3], expected: nil),
    Case(
      "a class token", Concat(axis: 1), [batch(0, [5, 1, 3]), batch(0, [5, 7, 3])], [5, 8, 3], expected: .along(0)),
    Case("batches in a row", Concat(axis: 0), [batch(0, [5, 3]), same([1, 3])], [6, 3], expected: nil),
    Case("a copy for each", Expand(), [same([1, 1, 3]), .init(.count, shape: [3])], [5, 1, 3], expected: .along(0)),
    Case("an embedding", Gather(), [same([100, 8]), batch(0, [5, 7])], [5, 7, 8], expected: .along(0)),
    Case("the last step", Gather(axis: 1), [batch(0, [5, 7, 8]), same([])], [5, 8], expected: .along(0)),
    Case("the first sample", Gather(), [batch(0, [5, 7]), same([])], [7], expected: nil),
    Case(
      "a mean of places", ReduceMean(options: ReductionOptions()), [batch(0, [5, 7, 8]), numbers([1])], [5, 1, 8],
      expected: .along(0)),
    Case("a mean of all", ReduceMean(options: ReductionOptions()), [batch(0, [5, 7]), nil], [1, 1], expected: nil),
    Case(
      "statistics of the batch", BatchNormalization(trainingMode: true),
      [batch(0, [5, 3])] + Array(repeating: same([3]), count: 4), [5, 3], expected: nil),
    Case(
      "statistics of the file", BatchNormalization(), [batch(0, [5, 3])] + Array(repeating: same([3]), count: 4),
      [5, 3],
      expected: .along(0)),
    Case("a mask", Dropout(), [batch(0, [5, 3]), nil, same([], Tensor([true], shape: []))], [5, 3], expected: nil),
    Case("a shape", Shape(), [batch(0, [5, 3])], [2], expected: .count),
  ]

  @Test("what networks are made of", arguments: cases)
  func rule(row: Case) {
    let layout = BatchLayout(sampleCount: 5, inputs: row.inputs, outputs: row.outputs)
    #expect(row.operation.batchAxes(of: layout) == row.expected)
  }
}

/// One choice of where the samples lie in the inputs of a row, and what the operation says to it.
private struct BatchQuestion {
  let axes: [Int?]
  let count: Int
  let answer: [BatchAxis?]

  /// The choices to which an operation says that samples stay apart in an output.
  static func answers(of row: Row) throws -> [BatchQuestion] {
    let inputs = try row.inputs(.float64)
    let whole = try row.outputs(of: inputs)
    let sizes = Set(inputs.flatMap { $0?.shape ?? [] }).filter { $0 > 1 }.sorted()
    return sizes.flatMap { count in
      var choices: [[Int?]] = [[]]
      for (index, input) in inputs.enumerated() {
        let isSetting = row.sample.operation.schema.input(at: index)?.isNeededAsValue ?? false
        let shape = isSetting || input?.dtype == .string ? [] : input?.shape ?? []
        let axes: [Int?] = [nil] + shape.indices.filter { shape[$0] == count }
        choices = choices.flatMap { choice in axes.map { choice + [$0] } }
        // Of many operands the first decide.
        choices = Array(choices.prefix(512))
      }
      return choices.filter { $0.contains { $0 != nil } }.compactMap { axes in
        let layout = BatchLayout(
          sampleCount: count,
          inputs: zip(inputs, axes).map { input, axis in
            input.map { .init(axis.map(BatchAxis.along) ?? .same, shape: $0.shape, value: axis == nil ? $0 : nil) }
          }, outputs: whole.map { $0?.shape ?? [] })
        let answer = row.sample.operation.batchAxes(of: layout)
        return answer.contains { if case .along? = $0 { true } else { false } }
          ? BatchQuestion(axes: axes, count: count, answer: answer) : nil
      }
    }
  }

  /// Where what an operation says of a batch is not so; nil where all of it is.
  static func contradiction(to row: Row) throws -> String? {
    let inputs = try row.inputs(.float64)
    let whole = try row.outputs(of: inputs)
    for question in try answers(of: row) {
      for sample in 0..<question.count {
        func copies(_ tensor: Tensor, _ axis: Int) throws -> Tensor {
          try withErrors { tensor.gather(Tensor([Int](repeating: sample, count: question.count)), axis: axis) }
        }
        let copied = try zip(inputs, question.axes).map { input, axis in
          try input.map { tensor in try axis.map { try copies(tensor, $0) } ?? tensor }
        }
        let found = try row.outputs(of: copied)
        for (index, answer) in question.answer.enumerated() where index < whole.count {
          guard case .along(let axis)? = answer, let output = whole[index] else { continue }
          let place = "samples along \(question.axes), output \(index) along \(axis)"
          guard axis >= 0, axis < output.rank, output.shape[axis] == question.count else {
            return "\(place): no such axis"
          }
          let expected = try copies(output, axis)
          guard let found = found[index], found.shape == expected.shape, try found.isClose(to: expected) else {
            return "\(place): sample \(sample) gives something else among others"
          }
        }
      }
    }
    return nil
  }
}

extension Tensor {
  fileprivate func isClose(to other: Tensor) throws -> Bool {
    try zip(elements(as: Double.self), try other.elements(as: Double.self)).allSatisfy {
      $0 == $1 || $0.isNaN && $1.isNaN || ($0 - $1).magnitude <= 1e-9 + 1e-9 * $1.magnitude
    }
  }
}

/// Rows less the mean of all of them: samples meet, though each stays in its place.
private struct Centered: Composite {
  init() {}
  init(_ node: NodeReader) throws {}
  static let schema = Schema("Centered", domain: "test", versions: [1], inputs: [Input("X")], batch: .rowwise)
  func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] { [try #require(inputs[0])] }
  func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try #require(inputs[0]?.tensor)
    return [.tensor(x - x.mean(axes: [0]))]
  }
}

/// Rows plus their numbers: a sample is another in another place.
private struct Numbered: Composite {
  init() {}
  init(_ node: NodeReader) throws {}
  static let schema = Schema("Numbered", domain: "test", versions: [1], inputs: [Input("X")], batch: .rowwise)
  func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] { [try #require(inputs[0])] }
  func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try #require(inputs[0]?.tensor)
    let numbers = Tensor(Array(0..<x.shape[0]), shape: [x.shape[0], 1])
    return [.tensor(x + numbers.cast(to: x.dtype))]
  }
}
