/// Nodes in a heap by their order of creation.
struct NodeQueue {
  private var heap: [Node] = []

  mutating func insert(_ node: Node) {
    heap.append(node)
    var child = heap.count - 1
    while child > 0, heap[(child - 1) / 2].sequence < heap[child].sequence {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popYoungest() -> Node? {
    guard let top = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return top }
    heap[0] = last
    var parent = 0
    while true {
      let left = 2 * parent + 1
      guard left < heap.count else { return top }
      let right = left + 1
      let child = right < heap.count && heap[right].sequence > heap[left].sequence ? right : left
      guard heap[child].sequence > heap[parent].sequence else { return top }
      heap.swapAt(child, parent)
      parent = child
    }
  }
}
