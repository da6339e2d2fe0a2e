import CKernels
import ThawTypes

/// Convolutions as products of matrices: the windows of each image unfolded into columns, group by group. Where each
/// channel has a kernel of its own, the kernel's elements are applied one after the other instead.
struct PortableConvolution: Sendable {
  private let request: ConvolutionRequest
  private let windows: thaw_windows
  private let product: thaw_product
  private let isDepthwise: Bool
  private let inputPerGroup: Int
  private let outputPerGroup: Int
  private let inputVolume: Int
  private let outputVolume: Int
  private let kernelVolume: Int
  private let threads: Int

  init(_ request: ConvolutionRequest) throws {
    self.request = request
    guard request.groups > 0, request.inputChannels % request.groups == 0,
      request.outputChannels % request.groups == 0
    else {
      throw KernelError.unsupported(operation: request.operation, detail: "\(request.groups) groups of unequal size")
    }
    windows = try thaw_windows(
      operation: request.operation, input: request.inputSize, kernel: request.kernelSize, output: request.outputSize,
      strides: request.strides, dilations: request.dilations, padsBegin: request.padsBegin, padsEnd: request.padsEnd)
    inputPerGroup = request.inputChannels / request.groups
    outputPerGroup = request.outputChannels / request.groups
    inputVolume = request.inputSize.reduce(1, *)
    outputVolume = request.outputSize.reduce(1, *)
    kernelVolume = request.kernelSize.reduce(1, *)
    isDepthwise = inputPerGroup == 1 && outputPerGroup == 1
    threads = threadCount
    product = Self.product(
      request.direction, dtype: request.dtype, taps: Int64(inputPerGroup * kernelVolume),
      outputs: Int64(outputPerGroup), places: Int64(outputVolume))
  }

  /// forward: y = w columns (+ bias, already there); inputGradient: columns = wᵀ dy; weightGradient: dw += dy columnsᵀ.
  private static func product(
    _ direction: ConvolutionDirection, dtype: DType, taps: Int64, outputs: Int64, places: Int64
  ) -> thaw_product {
    var product = thaw_product()
    product.dtype = dtype.rawValue
    product.alpha = 1
    switch direction {
    case .forward:
      (product.m, product.n, product.k, product.accumulates) = (outputs, places, taps, 1)
      (product.left_row, product.left_column, product.right_row, product.right_column) = (taps, 1, places, 1)
    case .inputGradient:
      (product.m, product.n, product.k) = (taps, places, outputs)
      (product.left_row, product.left_column, product.right_row, product.right_column) = (1, taps, places, 1)
    case .weightGradient:
      (product.m, product.n, product.k, product.accumulates) = (outputs, taps, places, 1)
      (product.left_row, product.left_column, product.right_row, product.right_column) = (places, 1, 1, places)
    }
    product.out_stride = product.n
    return product
  }

  func kernel() -> Kernel {
    if isDepthwise { return Kernel { operands, _ in runDepthwise(operands) } }
    let size = request.dtype.itemSize
    let columns = (inputPerGroup * kernelVolume * outputVolume * size + 63) & ~63
    let itemScratch = columns + (Int(withUnsafePointer(to: product) { thaw_multiply_scratch($0) }) + 63) & ~63
    // Weight gradients add up over the batch, in order: only groups can be shared out.
    let units = request.direction == .weightGradient ? request.groups : request.batch * request.groups
    let slots = units >= threads ? min(units, threads) : 1
    return Kernel(scratchByteCount: slots * itemScratch) { operands, scratch in
      parallel(slots, grain: 1) { range in
        for slot in range {
          for unit in stride(from: slot, to: units, by: slots) {
            run(unit, operands, scratch, slot * itemScratch, columns, threads: slots > 1 ? 1 : threads)
          }
        }
      }
    }
  }

  /// One group, of one image or, for the weight gradient, of the batch.
  private func run(
    _ unit: Int, _ operands: Operands, _ scratch: UnsafeMutableRawPointer?, _ offset: Int, _ columns: Int, threads: Int
  ) {
    let group = unit % request.groups
    let image = unit / request.groups
    let taps = inputPerGroup * kernelVolume
    let unfolded = scratch.map { $0 + offset }
    let packed = scratch.map { $0 + offset + columns }
    switch request.direction {
    case .forward:
      let weights = at(operands[1], group * outputPerGroup * taps)
      let y = at(operands[3], (image * request.outputChannels + group * outputPerGroup) * outputVolume)
      fill(y, outputPerGroup, operands, firstChannel: group * outputPerGroup)
      unfold(operands[0], image, group, unfolded)
      multiply(weights, unfolded, y, packed, threads)
    case .inputGradient:
      let weights = at(operands[1], group * outputPerGroup * taps)
      let dy = at(operands[0], (image * request.outputChannels + group * outputPerGroup) * outputVolume)
      let dx = at(operands[2], (image * request.inputChannels + group * inputPerGroup) * inputVolume)
      multiply(weights, dy, unfolded, packed, threads)
      clear(dx, inputPerGroup * inputVolume)
      _ = withUnsafePointer(to: windows) {
        thaw_fold($0, request.dtype.rawValue, Int64(inputPerGroup), unfolded, dx)
      }
    case .weightGradient:
      let dw = at(operands[2], group * outputPerGroup * taps)
      clear(dw, outputPerGroup * taps)
      for image in 0..<request.batch {
        let dy = at(operands[1], (image * request.outputChannels + group * outputPerGroup) * outputVolume)
        unfold(operands[0], image, group, unfolded)
        multiply(dy, unfolded, dw, packed, threads)
      }
    }
  }

  private func runDepthwise(_ operands: Operands) {
    let isWeight = request.direction == .weightGradient
    let units = isWeight ? request.groups : request.batch * request.groups
    let grain = max(1, LoopNest.grain / max(1, outputVolume * kernelVolume))
    parallel(units, grain: grain) { range in
      for unit in range {
        let channel = unit % request.groups
        let kernel = channel * kernelVolume
        switch request.direction {
        case .forward:
          let y = at(operands[3], unit * outputVolume)
          fill(y, 1, operands, firstChannel: channel)
          correlate(at(operands[0], unit * inputVolume), at(operands[1], kernel), y)
        case .inputGradient:
          let dx = at(operands[2], unit * inputVolume)
          clear(dx, inputVolume)
          correlate(at(operands[0], unit * outputVolume), at(operands[1], kernel), dx)
        case .weightGradient:
          let dw = at(operands[2], kernel)
          clear(dw, kernelVolume)
          for image in 0..<request.batch {
            let plane = image * request.groups + channel
            correlate(at(operands[0], plane * inputVolume), at(operands[1], plane * outputVolume), dw)
          }
        }
      }
    }
  }

  private func at(_ pointer: UnsafeMutableRawPointer?, _ element: Int) -> UnsafeMutableRawPointer? {
    pointer.map { $0 + element * request.dtype.itemSize }
  }

  private func clear(_ pointer: UnsafeMutableRawPointer?, _ count: Int) {
    pointer?.initializeMemory(as: UInt8.self, repeating: 0, count: count * request.dtype.itemSize)
  }

  /// Planes of outputs set to their channels' bias, or 0.
  private func fill(_ y: UnsafeMutableRawPointer?, _ channels: Int, _ operands: Operands, firstChannel: Int) {
    guard request.hasBias, let bias = operands[2] else { return clear(y, channels * outputVolume) }
    for channel in 0..<channels {
      _ = thaw_fill(
        request.dtype.rawValue, Int64(outputVolume), at(bias, firstChannel + channel), at(y, channel * outputVolume))
    }
  }

  private func unfold(_ x: UnsafeMutableRawPointer?, _ image: Int, _ group: Int, _ columns: UnsafeMutableRawPointer?) {
    withUnsafePointer(to: windows) {
      thaw_unfold(
        $0, Int64(request.dtype.itemSize), Int64(inputPerGroup),
        at(x, (image * request.inputChannels + group * inputPerGroup) * inputVolume), columns)
    }
  }

  private func multiply(
    _ left: UnsafeMutableRawPointer?, _ right: UnsafeMutableRawPointer?, _ out: UnsafeMutableRawPointer?,
    _ packed: UnsafeMutableRawPointer?, _ threads: Int
  ) {
    _ = withUnsafePointer(to: product) { thaw_multiply($0, left, right, nil, out, packed, Int32(threads)) }
  }

  private func correlate(
    _ first: UnsafeMutableRawPointer?, _ second: UnsafeMutableRawPointer?, _ result: UnsafeMutableRawPointer?
  ) {
    _ = withUnsafePointer(to: windows) {
      thaw_correlate($0, request.dtype.rawValue, request.direction.rawValue, first, second, result)
    }
  }
}
