import ThawGraph

/// What a model's file holds and what the model needs: what `thaw inspect --json` prints.
///
/// The fields of the description stand beside `memory`; the article "What thaw inspect prints" tells what each means.
public struct Inspection: Codable, Sendable {
  public var description: ModelDescription
  /// Where it was asked for.
  public var memory: MemoryReport?

  private enum CodingKeys: String, CodingKey { case memory }

  public init(_ description: ModelDescription, memory: MemoryReport? = nil) {
    (self.description, self.memory) = (description, memory)
  }

  public init(from decoder: any Decoder) throws {
    description = try ModelDescription(from: decoder)
    memory = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(MemoryReport.self, forKey: .memory)
  }

  public func encode(to encoder: any Encoder) throws {
    try description.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(memory, forKey: .memory)
  }
}
