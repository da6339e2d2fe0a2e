import Testing
import ThawTypes

@testable import ThawTensor

/// What PyTorch 2.13 does in and after `torch.inference_mode()`.
@Suite("Inference mode") struct InferenceModeTests {
  private let x = Tensor([1, 2], requiresGrad: true)

  private struct Made {
    let tensor: Tensor
    let isInference: Bool
    let requiresGrad: Bool
  }

  @Test("what is made inside: fresh memory is marked, views of normal tensors are not") func inside() {
    let (x, old) = (x, Tensor([3, 4] as [Float]))
    let made: [String: Made] = inferenceMode {
      let fresh = Tensor([1, 1] as [Float])
      return [
        "a result": Made(tensor: x * 2, isInference: true, requiresGrad: false),
        "ones": Made(tensor: Tensor.ones([2]), isInference: true, requiresGrad: false),
        "a literal": Made(tensor: Tensor([1, 2] as [Float]), isInference: true, requiresGrad: false),
        "a leaf": Made(tensor: Tensor([1], requiresGrad: true), isInference: true, requiresGrad: true),
        "a concatenation": Made(tensor: Tensor.concat([x, x]), isInference: true, requiresGrad: false),
        "a view": Made(tensor: x.reshaped(to: [2, 1]), isInference: false, requiresGrad: false),
        "a view of a fresh one": Made(tensor: fresh.reshaped(to: [2, 1]), isInference: true, requiresGrad: false),
        "a detached one": Made(tensor: x.detach(), isInference: false, requiresGrad: false),
        "a clone": Made(tensor: old.clone(), isInference: true, requiresGrad: false),
        "enableGrad": Made(tensor: enableGrad { x * 2 }, isInference: true, requiresGrad: false),
        "normal mode": Made(tensor: inferenceMode(false) { x * 2 }, isInference: false, requiresGrad: true),
      ]
    }
    for (name, made) in made {
      #expect(made.tensor.isInference == made.isInference, "\(name)")
      #expect(made.tensor.requiresGrad == made.requiresGrad, "\(name)")
    }
  }

  @Test("outside, operations take inference tensors and give normal ones; views stay what they are") func outside() {
    let made = inferenceMode { Tensor([1, 1] as [Float]) }
    #expect(!(made * made).isInference && !(x + made).isInference)
    #expect(made.reshaped(to: [2, 1]).isInference && made.detach().isInference)
    #expect(!made.clone().isInference)
  }

  @Test("the modes nest and end with their scope, on throw too") func scopes() {
    #expect(!isInferenceModeEnabled && isGradEnabled)
    inferenceMode {
      #expect(isInferenceModeEnabled && !isGradEnabled)
      enableGrad { #expect(isInferenceModeEnabled && isGradEnabled) }
      inferenceMode(false) { #expect(!isInferenceModeEnabled && isGradEnabled) }
      #expect(throws: TensorError.self) { try inferenceMode(false) { throw TensorError(.range, "") } }
      #expect(isInferenceModeEnabled && !isGradEnabled)
    }
    #expect(!isInferenceModeEnabled && isGradEnabled)
  }

  @Test("a backward pass cannot need an inference tensor; a clone, or what nothing saves, may be used")
  func saved() throws {
    let made = inferenceMode { Tensor([3, 4] as [Float]) }
    let error = #expect(throws: TensorError.self) { try withErrors { x * made } }
    #expect(error?.kind == .autograd)
    #expect(
      error?.message
        == "Inference tensors cannot be saved for backward. To work around you can make a clone to get a normal tensor "
        + "and use it in autograd: Mul saves a float32[2] that was made in inferenceMode; call clone() on it outside, or "
        + "make it in noGrad")
    try (x + made).sum().backward()
    #expect(try x.grad?.elements(as: Float.self) == [1, 1])
    try (x * made.clone()).sum().backward()
    #expect(try x.grad?.elements(as: Float.self) == [4, 5])
  }

  @Test("an inference tensor begins to require a gradient inside only") func requirement() throws {
    let made = inferenceMode { Tensor([3, 4] as [Float]) }
    let error = #expect(throws: TensorError.self) { try made.requiringGrad() }
    #expect(
      error?.message
        == "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed. This one was made in "
        + "inferenceMode: call clone() first to get a normal tensor")
    #expect(try !made.requiringGrad(false).requiresGrad)
    #expect(try inferenceMode { try made.requiringGrad() }.requiresGrad)
    #expect(try made.clone().requiringGrad().requiresGrad)
  }

  @Test("a pass inside goes through a graph from outside") func backward() throws {
    let y = (x * x).sum()
    try inferenceMode { try y.backward() }
    #expect(try x.grad?.elements(as: Float.self) == [2, 4])
    #expect(x.grad?.isInference == true)
    #expect(throws: TensorError.self) { try inferenceMode { try (x * x).sum().backward() } }
  }

  @Test("derivatives of functions are computed inside too, where PyTorch gives zeros") func functional() throws {
    let at = Tensor(elements: [2.0, 3])
    #expect(try inferenceMode { try jacobian({ $0 * $0 }, at: at) }.elements(as: Double.self) == [4, 0, 0, 6])
  }

  @Test("a clone has memory of its own, and gradients flow through it") func clone() throws {
    let clone = x.clone()
    guard case .memory(let mine, _, _) = x.contents, case .memory(let its, _, _) = clone.contents else {
      throw TensorError(.internal, "not in memory")
    }
    #expect(mine !== its)
    #expect(clone.gradFn?.name == "CloneBackward0")
    try (clone * clone).sum().backward()
    #expect(try x.grad?.elements(as: Float.self) == [2, 4])
    #expect(try Tensor.full([2, 2], 7).clone().elements(as: Float.self) == [7, 7, 7, 7])
  }
}
