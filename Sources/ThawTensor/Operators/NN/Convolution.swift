import ThawKernels
import ThawTypes

/// What Conv, ConvTranspose and the gradients of Conv share: a convolution with its groups.
struct Convolution {
  let name: String
  let window: SlidingWindow
  let groups: Int

  /// Checks the operands of a convolution from `input` to `output` channels, as far as they are known.
  ///
  /// - Parameter weight: (output channels, input channels in a group, kernel …).
  func check(dtypes: DType?..., input: Dim, output: Dim, weight: [Dim]) throws {
    guard let first = dtypes.first ?? nil, dtypes.allSatisfy({ $0 == nil || $0 == first }) else {
      throw TensorError(
        .dtype,
        "\(name): the inputs are \(dtypes.compactMap { $0.map { "\($0)" } }.joined(separator: " and ")); all "
          + "must have one type: cast with Cast (cast(to:))")
    }
    guard first.isFloatingPoint else {
      throw TensorError(.dtype, "\(name): the inputs are \(first), and only floating-point numbers are convolved")
    }
    guard groups > 0, groups <= WindowAxis.limit else {
      throw TensorError(.range, "\(name): the attribute group is \(groups), and should be at least 1")
    }
    if let channels = input.value, let inGroup = weight[1].value {
      let (needed, overflow) = inGroup.multipliedReportingOverflow(by: groups)
      guard !overflow, needed == channels else {
        throw TensorError(
          .shape,
          "\(name): the weight of shape \(text(weight)) with \(groups) groups is for \(overflow ? "too many" : "\(needed)") "
            + "channels, and there are \(channels)")
      }
    }
    if let channels = output.value, let filters = weight[0].value, channels != filters {
      throw TensorError(
        .shape,
        "\(name): the weight of shape \(text(weight)) has \(filters) filters, and there are \(channels) channels")
    }
    if let filters = weight[0].value ?? output.value, filters % groups != 0 {
      throw TensorError(.shape, "\(name): \(filters) filters do not divide into \(groups) groups")
    }
  }

  /// The spatial dimensions of a weight, after comparing its rank with that of the data.
  func kernel(_ weight: [Dim], rank: Int) throws -> [Int?] {
    guard weight.count == rank else {
      throw TensorError(
        .shape, "\(name): the weight of shape \(text(weight)) should have the data's rank \(rank)")
    }
    return weight[2...].map(\.value)
  }

  func request(
    _ direction: ConvolutionDirection, dtype: DType, batch: Int, weight: [Int], geometry: WindowGeometry,
    hasBias: Bool = false
  ) -> ConvolutionRequest {
    ConvolutionRequest(
      direction: direction, dtype: dtype, batch: batch, inputChannels: weight[1] * groups, outputChannels: weight[0],
      groups: groups, inputSize: geometry.input, kernelSize: geometry.kernel, outputSize: geometry.output,
      strides: geometry.strides, dilations: geometry.dilations, padsBegin: geometry.padsBegin,
      padsEnd: geometry.padsEnd, hasBias: hasBias)
  }

  /// Refuses a gradient whose spatial sizes are not those that the convolution gives.
  func check(output: [Int], of geometry: WindowGeometry) throws {
    guard output == geometry.output else {
      throw TensorError(
        .shape,
        "\(name): over an input of spatial sizes \(geometry.input) the convolution gives \(geometry.output), and "
          + "the gradient has \(output)")
    }
  }

  private func text(_ dims: [Dim]) -> String { "[\(dims.map(\.description).joined(separator: ", "))]" }
}

extension Tensor {
  /// The sizes behind batch and channels, as a tensor; see `Shape`.
  func spatialShape() -> Tensor { .catching { try apply(Shape(start: 2), to: self) } }
}

/// Checks a bias of one number per channel, as far as types are known.
func checkBias(_ bias: TensorType?, channels: Dim, in name: String) throws {
  guard let dims = bias?.dims else { return }
  guard dims.count == 1, dims[0].value == nil || channels.value == nil || dims[0] == channels else {
    throw TensorError(
      .shape,
      "\(name): the bias should have shape [\(channels)] and has [\(dims.map(\.description).joined(separator: ", "))]")
  }
}
