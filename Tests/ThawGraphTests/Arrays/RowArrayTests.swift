import Testing
import ThawONNX
import ThawTensor
import ThawTypes

@testable import ThawGraph

@Suite("Arrays of rows") struct RowArrayTests {
  /// 6 rows of 4 numbers: 0, 1, 2, …
  private static let numbers = (0..<24).map(Float.init)

  /// The same rows, kept in different ways.
  enum Kind: CaseIterable, Sendable { case tensor, partOfTensor, bytes, bytesOffNumbers }

  private func array(_ kind: Kind) throws -> RowArray {
    let bytes = Self.numbers.withUnsafeBytes { [UInt8]($0) }
    switch kind {
    case .tensor: return RowArray(Tensor(Self.numbers, shape: [6, 4]))
    case .partOfTensor:
      return RowArray(try withErrors { Tensor([9, 9, 9, 9] + Self.numbers, shape: [7, 4]).slice([1..<7]) })
    case .bytes: return RowArray(.float32, [6, 4], ByteRegion(bytes))
    case .bytesOffNumbers: return RowArray(.float32, [6, 4], ByteRegion([0] + bytes)[1..<bytes.count + 1])
    }
  }

  /// Nothing may be allocated in `body` beyond these bytes.
  private func within<Result>(bytes: Int, _ body: () throws -> Result) throws -> Result {
    try Context.with({ $0.budget = Budget(bytes: bytes, iterations: .max, seconds: .infinity) }, body)
  }

  @Test("rows in order are looked at where they are", arguments: [Kind.tensor, .partOfTensor, .bytes])
  func views(kind: Kind) throws {
    let array = try array(kind)
    let (whole, part) = try within(bytes: 0) { (try array.rows([0, 1, 2, 3, 4, 5]), try array.rows([2, 3, 4])) }
    #expect(try part.elements(as: Float.self) == Array(Self.numbers[8..<20]) && part.shape == [3, 4])
    let (start, place) = try (whole.withBytes { $0.baseAddress }, part.withBytes { $0.baseAddress })
    #expect(try #require(place) - #require(start) == 2 * 4 * 4)
  }

  @Test(
    "other rows are copied once, and into nothing else", arguments: Kind.allCases,
    [[3, 2, 1], [0, 2, 4], [5, 5, 5], [4, 5, 0]])
  func copies(kind: Kind, rows: [Int]) throws {
    let array = try array(kind)
    let copy = try within(bytes: 3 * 16) { try array.rows(rows) }
    #expect(try copy.elements(as: Float.self) == rows.flatMap { Self.numbers[4 * $0..<4 * $0 + 4] })
  }

  @Test("rows at no address of numbers are copied") func unaligned() throws {
    let rows = try array(.bytesOffNumbers).rows([1, 2])
    #expect(try rows.elements(as: Float.self) == Array(Self.numbers[4..<12]))
  }

  @Test("rows that lie scattered in memory are put together once") func strided() throws {
    let transposed = try withErrors { Tensor(Self.numbers, shape: [4, 6]).transposed() }
    let array = RowArray(transposed)
    let row = try within(bytes: 0) { try array.rows([1]) }
    #expect(try row.elements(as: Float.self) == [1, 7, 13, 19])
  }

  @Test("rows of inference tensors can be trained on") func inference() throws {
    let array = RowArray(inferenceMode { Tensor(Self.numbers, shape: [6, 4]) * 1 })
    let weight = try Tensor.ones([4, 1]).requiringGrad()
    try withErrors { try array.rows([0, 1]).matmul(weight).sum() }.backward()
    #expect(try #require(weight.grad).elements(as: Float.self) == [4, 6, 8, 10])
  }

  @Test("rows in another shape are views too, and outlive their array") func reshaped() throws {
    let rows = try within(bytes: 0) { try array(.bytes).reshaped(rowShape: [2, 2]).rows([4, 5]) }
    #expect(try rows.elements(as: Float.self) == Array(Self.numbers[16...]) && rows.shape == [2, 2, 2])
  }

  @Test("a row that is not there is an error", arguments: [[-1], [6], [5, 6], [.max]]) func range(rows: [Int]) throws {
    for kind in Kind.allCases {
      let error = #expect(throws: TensorError.self) { try array(kind).rows(rows) }
      #expect(error?.kind == .range)
    }
  }
}
