import Testing
import ThawKernels
import ThawTensor
import ThawTypes

@testable import ThawGraph

/// What matrix products do beside multiplying, and what they leave to others.
@Suite("Products with what is done to them") struct ProductFusionTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// The kernels of the program.
    let kinds: [String]
    let inputs: [[Int]]
    let dtype: DType
    let body: @Sendable ([Tensor]) throws -> [Tensor]

    init(
      _ name: String, _ kinds: [String], _ inputs: [[Int]], _ dtype: DType = .float32,
      _ body: @escaping @Sendable ([Tensor]) throws -> [Tensor]
    ) {
      testDescription = name
      self.kinds = kinds
      self.inputs = inputs
      self.dtype = dtype
      self.body = body
    }
  }

  private static let product = "matrix product"

  private static func withOneDNN(_ kinds: [String], else others: [String]) -> [String] { hasOneDNN ? kinds : others }

  static let rows: [Row] = [
    Row("A B + row", [product], [[6, 4], [4, 5], [5]]) { [$0[0].matmul($0[1]) + $0[2]] },
    Row("row + A B, large", [product], [[2, 96, 64], [64, 48], [48]]) { [$0[2] + $0[0].matmul($0[1])] },
    Row("A B + row of rank 3", [product], [[2, 6, 4], [2, 4, 5], [1, 1, 5]]) { [$0[0].matmul($0[1]) + $0[2]] },
    Row("A B + number", [product], [[6, 4], [4, 1], [1]]) { [$0[0].matmul($0[1]) + $0[2]] },
    Row("A B + a row made later", [product, "exp", "add"], [[6, 4], [4, 5], [5]]) {
      let y = $0[0].matmul($0[1])
      return [y + $0[2].exp()]
    },
    Row("A B + column", [product, "add"], [[6, 4], [4, 5], [6, 1]]) { [$0[0].matmul($0[1]) + $0[2]] },
    Row("A B + matrix, small", [product, "add"], [[6, 4], [4, 5], [6, 5]]) { [$0[0].matmul($0[1]) + $0[2]] },
    Row("A B + matrix", withOneDNN([product], else: [product, "add"]), [[2, 96, 64], [64, 48], [2, 96, 48]]) {
      [$0[0].matmul($0[1]) + $0[2]]
    },
    Row(
      "matrix + (A B + row)", withOneDNN([product], else: [product, "add"]), [[96, 64], [64, 48], [48], [96, 48]]
    ) {
      [$0[3] + ($0[0].matmul($0[1]) + $0[2])]
    },
    Row(
      "A B + A C", withOneDNN([product, product], else: [product, product, "add"]), [[96, 64], [64, 48], [64, 48]]
    ) {
      [$0[0].matmul($0[1]) + $0[0].matmul($0[2])]
    },
    Row("A B + a matrix made later", [product, "exp", "add"], [[96, 64], [64, 48], [96, 48]]) {
      let y = $0[0].matmul($0[1])
      return [y + $0[2].exp()]
    },
    Row("relu(A B)", withOneDNN([product + ", relu"], else: [product, "relu"]), [[96, 64], [64, 48]]) {
      [$0[0].matmul($0[1]).relu()]
    },
    Row("gelu(A B + row)", withOneDNN([product + ", gelu"], else: [product, "gelu"]), [[96, 64], [64, 48], [48]]) {
      [($0[0].matmul($0[1]) + $0[2]).gelu()]
    },
    Row("gelu(A B), A B wanted too", [product, "geluTanh"], [[96, 64], [64, 48]]) {
      let y = $0[0].matmul($0[1])
      return [y.gelu(approximate: true), y]
    },
    Row("A B + row, both wanted", [product, "add"], [[6, 4], [4, 5], [5]]) {
      let y = $0[0].matmul($0[1])
      return [y, y + $0[2]]
    },
    Row("row of integers", [product, "add"], [[6, 4], [4, 5], [5]], .int64) { [$0[0].matmul($0[1]) + $0[2]] },
    Row("A B − row", [product, "subtract"], [[6, 4], [4, 5], [5]]) { [$0[0].matmul($0[1]) - $0[2]] },
    Row("A B · c", [product], [[2, 64, 32], [2, 32, 48]]) { [$0[0].matmul($0[1]) * 0.125] },
    Row("A B / c", [product], [[6, 4], [4, 5]], .float64) { [$0[0].matmul($0[1]) / 3] },
    Row("half of A B · c", [product, "multiply"], [[6, 4], [4, 5]]) { [$0[0].matmul($0[1]).slice([0..<3]) * 2] },
    Row("half of A B + row", [product, "add"], [[6, 4], [4, 5], [5]]) {
      [$0[0].matmul($0[1]).slice([0..<3]) + $0[2]]
    },
    Row("gelu of half of A B", [product, "gelu"], [[96, 64], [64, 48]]) {
      [$0[0].matmul($0[1]).slice([48..<96]).gelu()]
    },
    Row("c / A B", [product, "divide"], [[6, 4], [4, 5]]) { [3 / $0[0].matmul($0[1])] },
    Row("A B · a number that is given", [product, "multiply"], [[6, 4], [4, 5], []]) {
      [$0[0].matmul($0[1]) * $0[2]]
    },
    Row("A B · c + row", [product, "add"], [[6, 4], [4, 5], [5]]) { [$0[0].matmul($0[1]) * 2 + $0[2]] },
    Row("(c · A) B and (c · A) C", [product, product], [[6, 4], [4, 5], [4, 3]]) {
      let scaled = 3 * $0[0]
      return [scaled.matmul($0[1]), scaled.matmul($0[2])]
    },
    Row("(c · A) (c · A)ᵀ", [product], [[6, 4]]) {
      let scaled = 3 * $0[0]
      return [scaled.matmul(scaled.transposed([1, 0]))]
    },
    Row("c · A, read by others too", ["multiply", product, "exp"], [[6, 4], [4, 5]]) {
      let scaled = 3 * $0[0]
      return [scaled.matmul($0[1]), scaled.exp()]
    },
    Row("(A B)ᵀ", [product], [[6, 4], [4, 5]]) { [$0[0].matmul($0[1]).transposed([1, 0])] },
    Row("(A B)ᵀ, large", [product], [[2, 96, 64], [2, 64, 48]]) { [$0[0].matmul($0[1]).transposed([0, 2, 1])] },
    Row("heads side by side", [product], [[2, 3, 64, 32], [2, 3, 32, 48]]) {
      [$0[0].matmul($0[1]).transposed([0, 2, 1, 3]).reshaped(to: [2, 64, 144])]
    },
    Row("heads side by side, transposed", [product], [[2, 3, 6, 4], [2, 3, 4, 5]]) {
      [$0[0].matmul($0[1]).transposed([0, 3, 1, 2]).reshaped(to: [2, 5, 18])]
    },
    Row("neither rows nor columns together", [product, "copy"], [[2, 3, 6, 4], [2, 3, 4, 5]]) {
      [$0[0].matmul($0[1]).transposed([2, 3, 0, 1]).reshaped(to: [30, 6])]
    },
    Row("half of the columns", [product, "copy"], [[6, 4], [4, 8]]) {
      [$0[0].matmul($0[1]).slice([0..<6, 2..<6])]
    },
    Row("next to something else", [product, "copy"], [[6, 4], [4, 5], [6, 3]]) {
      [Tensor.concat([$0[0].matmul($0[1]), $0[2]], axis: 1)]
    },
  ]

  @Test(arguments: rows) func products(row: Row) throws {
    let generator = RandomGenerator(seed: 3)
    let inputs = try row.inputs.map { shape in
      try withErrors { (try generator.uniform(shape, from: 1, to: 3)).cast(to: row.dtype) }
    }
    var options = CompilerOptions(disabled: [.fuseElementwise])
    options.isDescribed = true
    let trace = try Trace(inputs: inputs.map(\.type)) { try row.body($0) }
    let program = try Program(trace, options)
    #expect(program.description?.steps.map(\.kind) == row.kinds)
    let expected = try withErrors { try row.body(inputs) }
    for (found, expected) in zip(try program.run(inputs), expected) {
      try #require(found.shape == expected.shape)
      let pairs = zip(try found.elements(as: Double.self), try expected.elements(as: Double.self))
      #expect(pairs.allSatisfy { abs($0 - $1) <= 1e-5 * abs($1) }, "\(found), expected \(expected)")
    }
  }
}
