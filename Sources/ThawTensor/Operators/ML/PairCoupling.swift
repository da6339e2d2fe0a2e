import ThawTypes

/// The probabilities of classes that come nearest to those of their pairs (Wu, Lin and Weng, 2004), in as many rounds as
/// LIBSVM makes.
///
/// How many rounds there are is read off the numbers; gradients go through those that were made.
struct PairCoupling {
  let count: Int

  /// The classes' probabilities, `[samples, classes]`, of the first class's in each pair, (0, 1), (0, 2) and so on.
  func callAsFunction(_ pairs: Tensor) throws -> Tensor {
    let limited = pairs.clip(min: 1e-7, max: 1 - 1e-7)
    let wins = try table(of: limited)
    let losses = wins.transposed([0, 2, 1])
    let identity = try Tensor(
      copying: (0..<count * count).map { $0 % (count + 1) == 0 ? 1.0 : 0 }, shape: [count, count])
    let diagonal = (losses * losses).sum(axes: [2])
    let matrix = diagonal.unsqueezed(axes: [2]) * identity - losses * wins
    var p = diagonal * 0 + 1 / Double(count)
    for _ in 0..<100 {
      var products = matrix.matmul(p.unsqueezed(axes: [2])).sum(axes: [2])
      var total = (p * products).sum(axes: [1], keepDims: true)
      let isFar = ((products - total).abs() .>= 0.005 / Double(count)).detach()
      let isOpen = isFar.cast(to: .float64).max(axes: [1], keepDims: true)
      guard try isOpen.elements(as: Double.self).contains(1) else { break }
      for place in 0..<count {
        func column(_ x: Tensor) -> Tensor { x.slice(starts: [place], ends: [place + 1], axes: [1]) }
        let own = column(diagonal)
        // 0 for samples that are done, so that nothing of theirs changes.
        let change = (total - column(products)) / own * isOpen
        let row = matrix.slice(starts: [place], ends: [place + 1], axes: [1]).sum(axes: [1])
        total = (total + change * (change * own + 2 * column(products))) / ((1 + change) * (1 + change))
        products = (products + change * row) / (1 + change)
        p = (p + change * identity.slice(starts: [place], ends: [place + 1], axes: [0])) / (1 + change)
      }
    }
    return p
  }

  /// The probability that the first of two classes wins against the second: `[samples, classes, classes]`, 0 for a
  /// class and itself.
  private func table(of pairs: Tensor) throws -> Tensor {
    let pairCount = count * (count - 1) / 2
    var places = [Int](repeating: 2 * pairCount, count: count * count)
    var pair = 0
    for i in 0..<count {
      for j in i + 1..<count {
        places[i * count + j] = pair
        places[j * count + i] = pairCount + pair
        pair += 1
      }
    }
    let none = try Tensor.full([1], 0, dtype: pairs.dtype)
    let padded = Tensor.concat([pairs, 1 - pairs, pairs.slice(starts: [0], ends: [1], axes: [1]) * none], axis: 1)
    return padded.gather(Tensor(places), axis: 1).reshaped(to: [-1, count, count])
  }
}
