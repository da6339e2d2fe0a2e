import Testing
import ThawTensor

@testable import ThawTraining

@Suite("Splitting data") struct SplitTests {
  private func data(_ count: Int) throws -> Dataset {
    ["x": Tensor(Array(0..<count)), "target": Tensor(Array(0..<count).map { 10 * $0 })]
  }

  @Test(
    "two parts without a sample in common, in order",
    arguments: [(10, 0.2, 2), (10, 0.25, 3), (10, 0.01, 1), (10, 0.99, 9), (2, 0.5, 1), (101, 0.1, 10)])
  func parts(count: Int, share: Double, expected: Int) throws {
    let parts = try data(count).split(validation: share, seed: 5)
    let taken = try #require(parts.validation["x"]).integers()
    let rest = try #require(parts.training["x"]).integers()
    #expect(taken.count == expected && (taken + rest).sorted() == Array(0..<count))
    #expect(taken == taken.sorted() && rest == rest.sorted())
    #expect(try #require(parts.validation["target"]).integers() == taken.map { 10 * $0 })
    #expect(try #require(parts.training["target"]).integers() == rest.map { 10 * $0 })
  }

  @Test("the seed alone decides") func seeds() throws {
    func taken(_ seed: UInt64) throws -> [Int] {
      try #require(data(100).split(validation: 0.3, seed: seed).validation["x"]).integers()
    }
    #expect(try taken(1) == taken(1))
    #expect(try taken(1) != taken(2))
  }

  @Test("what cannot be split is an error", arguments: [0, 1, -0.5, .nan]) func shares(share: Double) throws {
    #expect(throws: TrainingError.self) { try data(10).split(validation: share, seed: 0) }
  }

  @Test("one sample, none, and arrays of different lengths") func few() throws {
    for count in 0...1 { #expect(throws: TrainingError.self) { try data(count).split(validation: 0.5, seed: 0) } }
    let uneven: Dataset = ["x": Tensor.ones([3, 1]), "target": Tensor([1, 2])]
    let message = "the data: the array 'target' holds 2 samples, and 'x' holds 3; they should be as many"
    #expect(throws: TrainingError(.data, message)) { try uneven.split(validation: 0.5, seed: 0) }
  }
}
