/// How a data set is read from its files and given to a model.
public struct DataReading: Hashable, Sendable {
  /// A change of numbers on their way to a model: `factor` · x + `offset`.
  public struct Scaling: Hashable, Sendable {
    public var factor: Double
    public var offset: Double

    public init(factor: Double = 1, offset: Double = 0) {
      self.factor = factor
      self.offset = offset
    }
  }

  /// The array, or the columns of text, that a model should give.
  public var target: String
  /// The columns of text that a model reads: names with commas between them, `A-B` for all from A to B, `*` for all but
  /// the target. `INPUT=` before them says which of several inputs they are for; without it they are for the only one.
  ///
  /// Where nothing is said, the only input reads all but the target, and one of several the column of its name.
  public var columns: [String]
  /// Whether text begins with the names of its columns; otherwise they are "1", "2" and so on.
  public var hasHeader: Bool
  /// The names of the classes in the target column of text, in the order of their numbers from 0.
  public var classes: [String]
  /// By the name of an input or of the target; under "" for all floating inputs. Integers become floating numbers only
  /// where there is one.
  public var scalings: [String: Scaling]

  public init(
    target: String = "target", columns: [String] = [], hasHeader: Bool = true, classes: [String] = [],
    scalings: [String: Scaling] = [:]
  ) {
    self.target = target
    self.columns = columns
    self.hasHeader = hasHeader
    self.classes = classes
    self.scalings = scalings
  }
}
