import Synchronization
import Testing

@testable import ThawTensor

/// In which order hooks run, each row as PyTorch 2.13 runs it.
@Suite("The order of hooks") struct HookOrderTests {
  /// What hooks have seen: a name and a gradient each.
  final class Log: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }

    func watch(_ name: String, _ tensor: Tensor, times factor: Float? = nil) throws {
      try tensor.registerHook { gradient in
        self.add("\(name) \(try gradient.item())")
        return factor.map { gradient * $0 }
      }
    }

    func watchAccumulated(_ name: String, _ tensor: Tensor) throws {
      try tensor.registerPostAccumulateGradHook { self.add("\(name) \(try $0.grad?.item() ?? .nan)") }
    }
  }

  struct Row: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let expected: [String]
    let run: @Sendable (Log) throws -> Void
  }

  private static func leaf(_ value: Float) -> Tensor { Tensor(value, requiresGrad: true) }

  static let rows = [
    Row(
      testDescription: "a leaf's hook runs when no node leads to it any more",
      expected: ["q 1.0", "z 2.0", "y 2.0", "a 13.0", "b 4.0"]
    ) { log in
      let (a, b) = (leaf(2), leaf(3))
      let y = a * b
      let z = y + 1
      let q = z * a
      for (name, tensor) in ["a": a, "b": b, "y": y, "z": z, "q": q] { try log.watch(name, tensor) }
      try q.backward()
    },
    Row(testDescription: "a leaf near the result comes first", expected: ["z 1.0", "b 4.0", "y 3.0", "a 6.0"]) { log in
      let (a, b) = (leaf(2), leaf(3))
      let y = a * 2
      let z = y * b
      for (name, tensor) in ["a": a, "b": b, "y": y, "z": z] { try log.watch(name, tensor) }
      try z.backward()
    },
    Row(testDescription: "leaves of one node, in the order of its inputs", expected: ["b 2.0", "a 3.0"]) { log in
      let (a, b) = (leaf(2), leaf(3))
      try log.watch("a", a)
      try log.watch("b", b)
      try (b * a).backward()
    },
    Row(
      testDescription: "in the order of registration, each with what the one before gave",
      expected: ["first 3.0", "second 30.0", "third 30.0"]
    ) { log in
      let x = leaf(1)
      try log.watch("first", x, times: 10)
      try log.watch("second", x)
      try log.watch("third", x, times: 2)
      try (x * 3).backward()
      #expect(try x.grad?.item() == 60)
    },
    Row(testDescription: "retainGrad sees what all hooks gave, called before them", expected: ["30.0 60.0"]) { log in
      let x = leaf(1)
      let y = x * 2
      y.retainGrad()
      try y.registerHook { $0 * 10 }
      try (y * 3).backward()
      log.add("\(try y.grad?.item() ?? .nan) \(try x.grad?.item() ?? .nan)")
    },
    Row(testDescription: "and between them", expected: ["300.0 600.0"]) { log in
      let x = leaf(1)
      let y = x * 2
      try y.registerHook { $0 * 10 }
      y.retainGrad()
      try y.registerHook { $0 * 10 }
      try (y * 3).backward()
      log.add("\(try y.grad?.item() ?? .nan) \(try x.grad?.item() ?? .nan)")
    },
    Row(
      testDescription: "post-accumulate hooks come after the gradient's, and see the sum",
      expected: ["pre 3.0", "post1 6.0", "post2 6.0", "pre 3.0", "post1 12.0", "post2 12.0", "pre 3.0"]
    ) { log in
      let x = leaf(1)
      try log.watchAccumulated("post1", x)
      try log.watch("pre", x, times: 2)
      try log.watchAccumulated("post2", x)
      try (x * 3).backward()
      try (x * 3).backward(inputs: [x])
      _ = try grad(of: x * 3, withRespectTo: x)
    },
    Row(
      testDescription: "a leaf with a post-accumulate hook accumulates while the pass goes on",
      expected: ["b has 4.0, a nothing", "y 3.0", "a sees 4.0 in b"]
    ) { log in
      let (a, b) = (leaf(2), leaf(3))
      let y = a * 2
      try b.registerPostAccumulateGradHook {
        log.add("b has \(try $0.grad?.item() ?? .nan), a \(a.grad == nil ? "nothing" : "something")")
      }
      try a.registerHook { _ in
        log.add("a sees \(try b.grad?.item() ?? .nan) in b")
        return nil
      }
      try log.watch("y", y)
      try (y * b).backward()
    },
    Row(testDescription: "a post-accumulate hook may drop the gradient", expected: ["3.0", "gone"]) { log in
      let x = leaf(1)
      try x.registerPostAccumulateGradHook {
        log.add("\(try $0.grad?.item() ?? .nan)")
        $0.zeroGrad()
      }
      try (x * 3).backward()
      log.add(x.grad == nil ? "gone" : "there")
    },
    Row(testDescription: "a pass from a leaf itself", expected: ["a 1.0", "5.0"]) { log in
      let a = leaf(2)
      try log.watch("a", a, times: 5)
      try a.backward()
      log.add("\(try a.grad?.item() ?? .nan)")
    },
    Row(testDescription: "a hook registered by a hook", expected: ["late 2.0"]) { log in
      let a = leaf(2)
      let y = a * 2
      try y.registerHook { _ in
        try log.watch("late", a)
        return nil
      }
      try y.backward()
    },
    Row(testDescription: "a hook that removes itself", expected: ["once"]) { log in
      let a = leaf(2)
      let handle = Mutex<HookHandle?>(nil)
      let registered = try a.registerHook { _ in
        log.add("once")
        handle.withLock { $0?.remove() }
        return nil
      }
      handle.withLock { $0 = registered }
      for _ in 0..<2 { try (a * 2).backward() }
    },
  ]

  @Test("as in PyTorch", arguments: rows)
  func order(_ row: Row) throws {
    let log = Log()
    try row.run(log)
    #expect(log.all == row.expected)
  }

  @Test("post-accumulate hooks are for leaves that require a gradient") func refused() {
    let x = Tensor([1], requiresGrad: true)
    let refused: [(Tensor, String)] = [
      (
        x * 2,
        "post accumulate grad hooks cannot be registered on non-leaf tensors: this one is the result of MulBackward0, "
          + "and nothing accumulates in it; see registerHook(_:)"
      ),
      (
        x.detach(), "cannot register a hook on a tensor that doesn't require gradient: no backward pass reaches it"
      ),
    ]
    for (tensor, message) in refused {
      let error = #expect(throws: TensorError.self) { try tensor.registerPostAccumulateGradHook { _ in } }
      #expect(error?.message == message)
    }
  }

  @Test("a leaf does not outlive its tensors because of a hook that sees it") func release() throws {
    weak var leaf: Leaf?
    do {
      let x = Tensor([1], requiresGrad: true)
      try x.registerPostAccumulateGradHook { _ in }
      if case .leaf(let its) = x.link { leaf = its }
      #expect(leaf != nil)
    }
    #expect(leaf == nil)
  }

  @Test("gradients of results accumulate, where they are retained or named") func results() throws {
    let x = Tensor([1, 1], requiresGrad: true)
    let y = x * 2
    try y.sum().backward(retainGraph: true, inputs: [y, y])
    #expect(try y.grad?.elements(as: Float.self) == [1, 1])
    try y.sum().backward(retainGraph: true)
    #expect(try y.grad?.elements(as: Float.self) == [1, 1])
    y.retainGrad()
    for _ in 0..<2 { try y.sum().backward(retainGraph: true, inputs: [y]) }
    #expect(try y.grad?.elements(as: Float.self) == [3, 3])
    #expect(try x.grad?.elements(as: Float.self) == [2, 2])
    y.zeroGrad()
    #expect(y.grad == nil)
    let error = #expect(throws: TensorError.self) { try y.sum().backward(inputs: []) }
    #expect(error?.message.hasPrefix("`inputs` argument to `backward()` cannot be empty") == true)
  }
}
