#if THAW_ONEDNN
  import Synchronization

  /// A request cut into parts by the request alone: each is computed on one thread, so that results are the same
  /// whatever the number of threads.
  struct Division<Request: OneDNNRequest>: Sendable {
    struct Part: Sendable {
      let request: Request
      /// Its first place along the axis that is cut.
      let first: Int
    }

    let parts: [Part]
    /// For each operand, how many bytes a step along the axis is; 0 where all parts have the same.
    let steps: [Int]
    /// The outputs, of float32, that are sums over the parts, with their numbers of elements.
    var sums: [(operand: Int, count: Int)] = []

    /// - Parameters:
    ///   - length: of the axis.
    ///   - size: of a part; the last one may be smaller.
    ///   - part: the request for so many places along the axis.
    init?(length: Int, size: Int, steps: [Int], part: (Int) -> Request) {
      guard size > 0, length > size else { return nil }
      parts = stride(from: 0, to: length, by: size).map {
        Part(request: part(min(size, length - $0)), first: $0)
      }
      self.steps = steps
    }

    /// How many parts some arithmetic is worth: enough for the cores of a desktop, each longer than a call's overhead.
    static func count(for arithmetic: Double) -> Int { Int(min(max(1, arithmetic / 4e6), 16)) }

    func kernel() throws -> Kernel {
      var made: [Request: Kernel] = [:]
      let kernels = try parts.map { part in
        let kernel = try made[part.request] ?? part.request.oneDNNKernel(threads: 1)
        made[part.request] = kernel
        return kernel
      }
      let slots = min(parts.count, threadCount)
      var scratch = Scratch()
      let slotSize = ((kernels.map(\.scratchByteCount).max() ?? 0) + 63) & ~63
      let slotOffset = scratch.add(slots * slotSize)
      let sumOffsets = sums.map { scratch.add(parts.count * $0.count * MemoryLayout<Float>.stride) }
      return Kernel(implementation: kernels[0].implementation, scratchByteCount: scratch.byteCount) {
        operands, scratch in
        guard let scratch else { return }
        let failure = Mutex<(any Error)?>(nil)
        parallel(slots, grain: 1) { range in
          for slot in range {
            for index in stride(from: slot, to: parts.count, by: slots) {
              var own = zip(operands, steps).map { $0.map { [step = $1] in $0 + parts[index].first * step } }
              for (sum, offset) in zip(sums, sumOffsets) where operands[sum.operand] != nil {
                own[sum.operand] = scratch + offset + index * sum.count * MemoryLayout<Float>.stride
              }
              do { try kernels[index].run(own, scratch: scratch + slotOffset + slot * slotSize) } catch {
                failure.withLock { $0 = $0 ?? error }
              }
            }
          }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        for (sum, offset) in zip(sums, sumOffsets) {
          guard let output = operands[sum.operand] else { continue }
          add(
            (scratch + offset).assumingMemoryBound(to: Float.self), sum.count,
            to: output.assumingMemoryBound(to: Float.self))
        }
      }
    }

    /// The sum of what the parts gave, in their order.
    private func add(_ partials: UnsafeMutablePointer<Float>, _ count: Int, to output: UnsafeMutablePointer<Float>) {
      parallel(count, grain: 16384) { range in
        for i in range { output[i] = partials[i] }
        for part in 1..<parts.count {
          let partial = partials + part * count
          for i in range { output[i] += partial[i] }
        }
      }
    }
  }

  extension OneDNNRequest {
    /// The kernel whose results do not depend on the number of threads.
    func deterministicKernel() throws -> Kernel {
      try division?.kernel() ?? oneDNNKernel(threads: 1)
    }

    /// The kernel that a backend which is not portable asks for.
    func oneDNNKernel(for backend: Backend) throws -> Kernel {
      try backend == .deterministic ? deterministicKernel() : oneDNNKernel(threads: threadCount)
    }
  }
#endif
