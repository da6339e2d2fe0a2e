/// Something that must be the same for a run to go on where another ended, in words.
struct RunSetting: Codable, Hashable, Sendable {
  let name: String
  let value: String

  init(_ name: String, _ value: some CustomStringConvertible) {
    self.name = name
    self.value = "\(value)"
  }

  /// What differs, one entry each.
  static func differences(between old: [RunSetting], and new: [RunSetting]) -> [String] {
    let before = Dictionary(old.map { ($0.name, $0.value) }) { first, _ in first }
    let now = Dictionary(new.map { ($0.name, $0.value) }) { first, _ in first }
    let names = new.map(\.name) + old.map(\.name).filter { now[$0] == nil }
    return names.compactMap { name in
      guard before[name] != now[name] else { return nil }
      return "\(name) was \(before[name] ?? "not set") and is \(now[name] ?? "not set")"
    }
  }
}

extension TrainingPlan {
  /// What of the plan must be the same; more epochs may follow where the learning rate does not depend on their number.
  var settings: [RunSetting] {
    var settings = [
      RunSetting("batch size", batching.size), RunSetting("order", batching.order.words), RunSetting("seed", seed),
      RunSetting("batches a step", accumulation), RunSetting("schedule", schedule), RunSetting("warm-up", warmup),
      RunSetting("gradient bound", clipping?.description ?? "none"),
    ]
    if schedule.readsLength || warmup.readsLength { settings.append(RunSetting("epochs", epochs)) }
    return settings
  }
}

extension Batching.Order {
  fileprivate var words: String {
    switch self {
    case .asGiven: "as given"
    case .shuffled(let seed): "shuffled with seed \(seed)"
    }
  }
}
