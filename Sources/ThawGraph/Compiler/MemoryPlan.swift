/// Where in one arena each buffer lies, so that buffers whose lives do not meet share bytes.
struct MemoryPlan {
  /// A buffer from the first call that touches it to the last, or several that are one behind the other in one place.
  struct Life {
    var buffers: [Int]
    let byteCount: Int
    var first: Int
    var last: Int
  }

  private(set) var offsets: [Int: Int] = [:]
  private(set) var byteCount = 0

  static let alignment = 64

  /// Places the largest buffers first, each at the lowest place that is free during its life.
  init(_ lives: [Life]) {
    var placed: [(life: Life, start: Int, end: Int)] = []
    for life in lives.sorted(by: { ($0.byteCount, $1.first, $1.buffers[0]) > ($1.byteCount, $0.first, $0.buffers[0]) })
    {
      let size = (max(life.byteCount, 1) + Self.alignment - 1) / Self.alignment * Self.alignment
      let meeting = placed.filter { $0.life.first <= life.last && life.first <= $0.life.last }
        .sorted { $0.start < $1.start }
      var start = 0
      for other in meeting {
        if other.start - start >= size { break }
        start = max(start, other.end)
      }
      placed.append((life, start, start + size))
      for buffer in life.buffers { offsets[buffer] = start }
      byteCount = max(byteCount, start + size)
    }
  }
}
