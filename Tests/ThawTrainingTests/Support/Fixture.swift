import Foundation
import Testing
import ThawGraph
import ThawONNX
import ThawTensor

/// The files in Tests/ThawTrainingTests/Fixtures.
enum Fixture {
  static func arrays(_ file: String) throws -> [String: Tensor] {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let npz = try Npz(contentsOf: tests.appending(path: "Fixtures/\(file)").path)
    return try Dictionary(uniqueKeysWithValues: npz.names.map { ($0, try Tensor(try #require(npz[$0]))) })
  }
}
