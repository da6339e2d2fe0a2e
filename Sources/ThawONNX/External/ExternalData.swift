/// Whether a model that is saved keeps its large tensors in its file or in a side-car beside it.
public enum ExternalData: Hashable, Sendable {
  /// As the model came. A file that would pass 2 GiB, which no reader of protobuf takes, gets a side-car.
  case automatic
  /// Initializers of 1 KiB and more go to the side-car.
  case always
  /// Everything is in one file.
  case never
}
