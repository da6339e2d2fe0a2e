#if THAW_ONEDNN
  import COneDNN
#endif

/// How the channels of an image lie in memory.
package enum ChannelLayout: Hashable, Sendable {
  /// (batch, channel, space …), row-major.
  case plain
  /// (batch, channel block, space …, channel in its block): what vector units and the library's convolutions like.
  case blocked(Int)

  /// The number of channels that lie together.
  package var block: Int {
    switch self {
    case .plain: 1
    case .blocked(let block): block
    }
  }

  /// The one in which the library convolves fastest.
  package static let preferred: ChannelLayout = {
    #if THAW_ONEDNN
      let block = Int(thaw_dnnl_preferred_block())
      return block > 0 ? .blocked(block) : .plain
    #else
      return .plain
    #endif
  }()

  /// The dimensions as they lie in memory.
  package func shape(of shape: [Int]) -> [Int] {
    guard case .blocked(let block) = self else { return shape }
    return [shape[0], shape[1] / block] + shape[2...] + [block]
  }

  /// Strides over the plain dimensions, over these.
  package func strides(of strides: [Int]) -> [Int] {
    guard case .blocked(let block) = self else { return strides }
    return [strides[0], strides[1] * block] + strides[2...] + [strides[1]]
  }

  /// The axes that a plain axis has become.
  package func axes(of axis: Int, rank: Int) -> [Int] {
    guard case .blocked = self, axis == 1 else { return [axis] }
    return [1, rank]
  }
}
