import Foundation
import ThawTensor

extension SampleInput {
  /// sin(1.3 i + phase), i counting the elements.
  static func wave(_ shape: [Int], _ phase: Double) -> SampleInput {
    .floats((0..<shape.reduce(1, *)).map { sin(1.3 * Double($0) + phase) }, shape)
  }

  /// One number everywhere.
  static func all(_ value: Double, _ shape: [Int]) -> SampleInput {
    .floats(Array(repeating: value, count: shape.reduce(1, *)), shape)
  }

  /// The lengths of the samples of a batch, int32.
  static func lengths(_ values: [Int32]) -> SampleInput { .exact(Tensor(elements: values)) }
}
