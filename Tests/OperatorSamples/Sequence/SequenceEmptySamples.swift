import ThawTensor
import ThawTypes

extension SequenceEmpty: ValueSampled {
  public static var valueSamples: [ValueSample] {
    [
      ValueSample("float32", SequenceEmpty(), expected: .sequence()),
      ValueSample(
        "strings", SequenceEmpty(dtype: .string), expected: .sequence([], of: .tensor(TensorType(.string, nil)))),
    ]
  }

  public static var valueFailures: [ValueFailure] { [] }
}
