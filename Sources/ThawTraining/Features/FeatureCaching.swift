import ThawGraph

/// Whether features are kept from one epoch to the next: what the part of a model before the first parameter that trains
/// makes of each sample.
public struct FeatureCaching: Hashable, Sendable {
  /// Whether they are kept where they fit and save work.
  public var isOn: Bool
  /// The most bytes that they may take in memory; a quarter of what the process may have when left out.
  public var memory: Int
  /// The most bytes that they may take in a file without a name, where memory is not enough; half of what is free in its
  /// folder when nil.
  public var disk: Int?

  public init(isOn: Bool = true, memory: Int = Limits().bytesAlive / 3, disk: Int? = nil) {
    self.isOn = isOn
    self.memory = memory
    self.disk = disk
  }

  /// Features are kept where they fit and save work.
  public static let auto = FeatureCaching()
  /// Every step computes the whole model.
  public static let off = FeatureCaching(isOn: false)

  /// Checks the settings.
  var problem: String? {
    memory >= 0 && disk ?? 0 >= 0 ? nil : "the memory and the disk space for features should not be negative"
  }

  /// What features may take at most.
  var byteLimit: Int {
    let (sum, overflow) = memory.addingReportingOverflow(disk ?? RowSpool.freeDiskByteCount / 2)
    return overflow ? .max : sum
  }
}
