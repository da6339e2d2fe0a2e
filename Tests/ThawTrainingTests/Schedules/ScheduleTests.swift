import Foundation
import Testing

@testable import ThawTraining

@Suite("Schedules") struct ScheduleTests {
  /// What PyTorch gives two groups; see Fixtures/README.md.
  struct Row: Decodable, Sendable, CustomTestStringConvertible {
    let schedule: String
    let stepsPerEpoch: Int
    let epochs: Int
    let warmup: Int
    let rates: [[Double]]

    var testDescription: String { "\(schedule), warm-up \(warmup)" }

    static let all: [Row] = {
      let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/schedules.json")
      return (try? JSONDecoder().decode([Row].self, from: Data(contentsOf: file))) ?? []
    }()
  }

  private static let schedules: [Schedule] = [
    .constant, .step(every: 2, gamma: 0.5), .linear(end: 0), .linear(end: 0.1), .cosine(end: 0), .cosine(end: 0.05),
  ]

  @Test("PyTorch's numbers", arguments: Row.all) func golden(row: Row) throws {
    let schedule = try #require(Self.schedules.first { "\($0)" == row.schedule })
    let total = row.stepsPerEpoch * row.epochs
    let pace = Pace(schedule, warmup: .steps(row.warmup), total: total, stepsPerEpoch: row.stepsPerEpoch)
    for (base, rates) in zip([0.1, 0.003], row.rates) {
      try #require(rates.count == total)
      for (step, expected) in rates.enumerated() {
        let found = base * pace.factor(at: step)
        #expect(abs(found - expected) <= 1e-12, "step \(step): \(found), not \(expected)")
      }
    }
  }

  @Test("the fixture is there, with every schedule") func rows() {
    #expect(Row.all.count == 12)
    #expect(Set(Row.all.map(\.schedule)) == Set(Self.schedules.map { "\($0)" }))
  }

  @Test(
    "a warm-up's steps",
    arguments: [
      (Warmup.none, 100, 0), (.steps(7), 100, 7), (.steps(7), 3, 7), (.share(0.05), 100, 5), (.share(0.05), 101, 6),
      (.share(1), 9, 9), (.share(0), 9, 0), (.share(0.5), 0, 0),
    ])
  func warmup(warmup: Warmup, total: Int, expected: Int) { #expect(warmup.count(of: total) == expected) }
}
