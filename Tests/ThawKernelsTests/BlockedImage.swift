import ThawKernels
import ThawTypes

/// Images of (batch, channels, places) with channels in blocks, and back.
struct BlockedImage {
  let batch: Int
  let channels: Int
  let places: Int
  let block: Int

  private func map(_ body: (_ plain: Int, _ blocked: Int) -> Void) {
    for n in 0..<batch {
      for c in 0..<channels {
        for place in 0..<places {
          let group = (n * channels / block + c / block) * places + place
          body((n * channels + c) * places + place, group * block + c % block)
        }
      }
    }
  }

  func blocked(_ plain: Block) -> Block {
    let result = Block(count: plain.count, plain.dtype)
    map { result[$1] = plain[$0] }
    return result
  }

  func plain(_ blocked: Block) -> [Double] {
    var result = Array(repeating: 0.0, count: blocked.count)
    map { result[$0] = blocked[$1] }
    return result
  }
}
