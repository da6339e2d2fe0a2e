import ThawTypes

/// For elements that are multiplied in groups, the product of all others in each one's group, which is the product's
/// derivative.
///
/// Without a 0 it is the product divided by the element. Zeros are left out of the product and enter by their sum where
/// there is one other, which keeps the derivative of the result right too; the derivative of that, where a group holds
/// several zeros, is taken for 0.
///
/// - Parameters:
///   - total: sums of the groups' elements, one for each element.
///   - product: products of the groups' elements, one for each element.
func productOfOthers(
  _ x: Tensor, total: (Tensor) throws -> Tensor, product: (Tensor) throws -> Tensor
) throws -> Tensor {
  let isZero = x .== 0
  let zero = isZero.cast(to: x.dtype)
  let safe = Tensor.where(isZero, 1, x)
  let otherZeros = try total(zero) - zero
  let zeroElements = Tensor.where(isZero, x, 0)
  let otherZero = try total(zeroElements) - zeroElements
  return try product(safe) / safe * .where(otherZeros .== 0, 1, .where(otherZeros .== 1, otherZero, 0))
}
