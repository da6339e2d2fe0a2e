import CKernels

extension thaw_windows {
  /// - Throws: `KernelError.unsupported` unless there are 1 to 3 spatial axes; further ones in front get size 1.
  init(
    operation: String, input: [Int], kernel: [Int], output: [Int], strides: [Int], dilations: [Int], padsBegin: [Int],
    padsEnd: [Int]
  ) throws {
    let rank = input.count
    let lists = [kernel, output, strides, dilations, padsBegin, padsEnd]
    guard (1...3).contains(rank), lists.allSatisfy({ $0.count == rank }), (strides + dilations).allSatisfy({ $0 > 0 })
    else { throw KernelError.unsupported(operation: operation, detail: "\(rank) spatial axes, or steps of 0") }
    func three(_ values: [Int], _ filler: Int64) -> (Int64, Int64, Int64) {
      let all = Array(repeating: filler, count: 3 - rank) + values.map(Int64.init)
      return (all[0], all[1], all[2])
    }
    self.init(
      input: three(input, 1), kernel: three(kernel, 1), output: three(output, 1), stride: three(strides, 1),
      dilation: three(dilations, 1), pad: three(padsBegin, 0), pad_end: three(padsEnd, 0))
  }
}
