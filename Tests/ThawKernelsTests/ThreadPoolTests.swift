import Foundation
import Synchronization
import Testing
import ThawKernels
import ThawTypes

@Suite struct ThreadPoolTests {
  @Test func everyElementOnce() {
    for (count, grain) in [(0, 1), (1, 1), (1000, 1), (1000, 7), (100_000, 1000), (5, 100)] {
      let marks = UnsafeMutablePointer<Int32>.allocate(capacity: count + 1)
      marks.initialize(repeating: 0, count: count + 1)
      parallel(count, grain: grain) { for i in $0 { marks[i] += 1 } }
      #expect((0..<count).allSatisfy { marks[$0] == 1 })
      marks.deallocate()
    }
  }

  @Test func nested() {
    let total = Mutex(0)
    parallel(64, grain: 1) { outer in
      for _ in outer { parallel(100, grain: 10) { inner in total.withLock { $0 += inner.count } } }
    }
    #expect(total.withLock { $0 } == 6400)
  }

  @Test("a number in a scope is that of its task and of its children") func scopes() async {
    let outside = threadCount
    await withTaskGroup(of: (Int, Int, Int).self) { group in
      for count in 1...4 {
        group.addTask {
          withThreadCount(count) { (count, threadCount, withThreadCount(count + 1) { threadCount }) }
        }
      }
      for await (count, found, inner) in group { #expect(found == count && inner == count + 1) }
    }
    #expect(threadCount == outside)
    #expect(withThreadCount(0) { threadCount } == 1)
    #expect(withThreadCount(1 << 40) { threadCount } == threadLimit)
  }

  /// libgomp keeps a number for each thread of the system: the chosen one must be there whatever thread a task is on.
  @Test("the library's regions have as many threads as were chosen", .enabled(if: hasOneDNN))
  func libraryThreads() async throws {
    @Sendable func regionThreads(_ count: Int) throws -> Int? {
      guard let symbol = dlsym(nil, "omp_get_max_threads") else { return nil }
      let function = unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)
      return try withThreadCount(count) {
        var dice = Dice()
        let (a, b, out) = (dice.block(64 * 64), dice.block(64 * 64), Block(count: 64 * 64, .float32))
        try compute(
          MatMulRequest(dtype: .float32, batch: [], m: 64, n: 64, k: 64, leftStrides: [64, 1], rightStrides: [64, 1]),
          [a.whole, b.whole, nil, out.whole], backend: .oneDNN)
        return Int(function())
      }
    }
    try await withThrowingTaskGroup(of: (Int, Int?).self) { group in
      for task in 0..<24 {
        let count = 1 + task % 3
        group.addTask { (count, try regionThreads(count)) }
      }
      for try await (count, found) in group { #expect(found == nil || found == count) }
    }
  }

  @Test("as many threads take part as were asked for, and no more")
  func participants() {
    for count in 1...4 {
      let seen = Mutex<Set<UInt>>([])
      withThreadCount(count) {
        parallel(64, grain: 1) { _ in
          let this = UInt(pthread_self())
          _ = seen.withLock { $0.insert(this) }
          usleep(200)
        }
      }
      #expect(seen.withLock { (1...count).contains($0.count) })
    }
  }

  @Test func loopsBesideAComputationStayOnTheirThread() {
    let pieces = Mutex<[Range<Int>]>([])
    serially {
      serially {}; parallel(1000, grain: 10) { piece in pieces.withLock { $0.append(piece) } }
    }
    #expect(pieces.withLock { $0 } == [0..<1000])
    pieces.withLock { $0 = [] }
    parallel(1000, grain: 10) { piece in pieces.withLock { $0.append(piece) } }
    #expect(threadCount == 1 || pieces.withLock(\.count) == 100)
  }

  /// Sixteen tasks, each with products, convolutions, sums and elementwise functions large enough to go parallel.
  @Test func sixteenTasks() async throws {
    @Sendable func work() throws -> [Double] {
      var dice = Dice()
      let (a, b, out) = (dice.block(200_000), dice.block(200_000), Block(count: 200_000, .float32))
      let all = [200_000]
      try compute(
        BinaryRequest(function: .multiply, dtype: .float32, shape: all, leftStrides: [1], rightStrides: [1]),
        [a.whole, b.whole, out.whole])
      let sum = Block(count: 1, .float32)
      try compute(
        ReductionRequest(function: .sum, dtype: .float32, shape: all, strides: [1], axes: [0]), [out.whole, sum.whole])
      let product = Block(count: 100 * 90, .float32)
      try compute(
        MatMulRequest(dtype: .float32, batch: [], m: 100, n: 90, k: 80, leftStrides: [80, 1], rightStrides: [90, 1]),
        [a.whole, b.whole, nil, product.whole])
      let image = Block(count: 2 * 8 * 20 * 20, .float32)
      for backend in [Backend.automatic, .portable] {
        try compute(
          ConvolutionRequest(
            direction: .forward, dtype: .float32, batch: 2, inputChannels: 4, outputChannels: 8, groups: 1,
            inputSize: [20, 20], kernelSize: [3, 3], outputSize: [20, 20], strides: [1, 1], dilations: [1, 1],
            padsBegin: [1, 1], padsEnd: [1, 1], hasBias: false), [a.whole, b.whole, nil, image.whole],
          backend: backend)
      }
      return sum.values + [product[17], product[8999], image[100], image[6399]]
    }
    let expected = try work()
    try await withThrowingTaskGroup(of: [Double].self) { group in
      for _ in 0..<16 {
        group.addTask {
          var last: [Double] = []
          for _ in 0..<5 { last = try work() }
          return last
        }
      }
      for try await found in group { #expect(found == expected) }
    }
  }
}
