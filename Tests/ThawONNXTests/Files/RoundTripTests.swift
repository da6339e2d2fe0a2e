import Foundation
import Testing
import ThawONNX

@Suite struct RoundTripTests {
  @Test func anEmptyModelTakesNoBytes() throws {
    #expect(try ModelProto().encoded() == [])
  }

  @Test(arguments: Files.fixtures)
  func aModelComesBackByteForByte(path: String) throws {
    #expect(try ModelProto(contentsOf: path).encoded() == Files.bytes(path))
  }

  @Test(.enabled(if: Files.hasShared))
  func everySharedModelComesBackByteForByte() throws {
    var count = 0
    for path in Files.models(under: Files.shared) {
      #expect(try ModelProto(contentsOf: path).encoded() == Files.bytes(path), "\(path)")
      count += 1
    }
    #expect(count > 0)
  }

  @Test(.enabled(if: Files.hasShared))
  func everySharedTensorComesBackByteForByte() throws {
    for path in Files.models(under: Files.shared.appending(path: "goldens"), extensions: ["pb"]) {
      do {
        #expect(try TensorProto(contentsOf: path).encoded() == Files.bytes(path), "\(path)")
      } catch {
        Issue.record("\(error)")
      }
    }
  }
}
