import Testing

@testable import ThawTensor

/// Modes nest, follow structured tasks, and end with their scope.
@Suite("Context") struct ContextTests {
  private let x = Tensor([1, 2], requiresGrad: true)

  @Test("noGrad and enableGrad nest") func nesting() {
    #expect(isGradEnabled)
    noGrad {
      #expect(!isGradEnabled && !(x * x).requiresGrad)
      enableGrad {
        #expect(isGradEnabled && (x * x).requiresGrad)
        noGrad { #expect(!isGradEnabled) }
        #expect(isGradEnabled)
      }
      #expect(!isGradEnabled)
    }
    #expect(isGradEnabled)
  }

  @Test("they are restored on throw") func throwing() {
    #expect(throws: TensorError.self) { try noGrad { throw TensorError(.range, "") } }
    #expect(isGradEnabled)
    noGrad {
      #expect(throws: TensorError.self) { try enableGrad { throw TensorError(.range, "") } }
      #expect(!isGradEnabled)
    }
  }

  @Test("child tasks see them, detached ones do not") func tasks() async {
    await Context.$current.withValue(noGrad { Context.current }) {
      async let child = isGradEnabled
      #expect(await !child)
      #expect(await Task.detached { isGradEnabled }.value)
    }
  }

  @Test("a leaf made inside of noGrad still requires a gradient outside") func leaves() throws {
    let leaf = noGrad { Tensor([3], requiresGrad: true) }
    try (leaf * leaf).sum().backward()
    #expect(try leaf.grad?.item() == 6)
  }

  @Test("error scopes nest: the inner one takes its own errors") func scopes() throws {
    let inner = try withErrors {
      do {
        try withErrors { _ = x + Tensor([1, 2, 3] as [Float]) }
        return nil as TensorError?
      } catch let error as TensorError {
        return error
      }
    }
    #expect(inner?.kind == .shape)
  }
}
