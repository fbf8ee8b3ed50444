// Objects to images. JITLink lays out the sections and applies the relocations as it would inside
// of a process; what would be an address there is noted down instead.
// All of JITLink is in this file, because its interfaces change with every release.

#include "Host.h"

#include "llvm/ExecutionEngine/JITLink/JITLink.h"
#include "llvm/ExecutionEngine/JITLink/aarch64.h"
#include "llvm/ExecutionEngine/JITLink/x86_64.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Process.h"

namespace deq::target {

namespace {

using namespace llvm::jitlink;
using llvm::orc::ExecutorAddr;

// Where sections and functions are while relocations are applied: so far apart that no function is
// within the reach of an instruction, and every call goes through a table of addresses.
constexpr std::uint64_t imageBase = std::uint64_t(1) << 32, importBase = std::uint64_t(1) << 46;

llvm::Error failure(const llvm::Twine &text) {
  return llvm::make_error<llvm::StringError>(text, llvm::inconvertibleErrorCode());
}

/// JITLink's idea of memory: the bytes of an image.
class ImageMemory : public JITLinkMemoryManager {
public:
  explicit ImageMemory(Image &image) : image(image) {}

  void allocate(const JITLinkDylib *, LinkGraph &graph, OnAllocatedFunction allocated) override {
    BasicLayout layout(graph);
    if (llvm::Error error = place(layout)) {
      allocated(std::move(error));
      return;
    }
    allocated(std::make_unique<Alloc>());
  }

  void deallocate(std::vector<FinalizedAlloc> allocs, OnDeallocatedFunction done) override {
    for (FinalizedAlloc &alloc : allocs)
      alloc.release();
    done(llvm::Error::success());
  }

private:
  /// The bytes are the image's; there is nothing to keep or to give back.
  struct Alloc : InFlightAlloc {
    void abandon(OnAbandonedFunction done) override { done(llvm::Error::success()); }
    void finalize(OnFinalizedFunction done) override { done(FinalizedAlloc(ExecutorAddr())); }
  };

  llvm::Error place(BasicLayout &layout) {
    const std::uint64_t page = llvm::sys::Process::getPageSizeEstimate();
    auto isCode = [](llvm::orc::AllocGroup group) {
      const auto protection = static_cast<unsigned>(group.getMemProt());
      return (protection & static_cast<unsigned>(llvm::orc::MemProt::Exec)) != 0;
    };
    std::uint64_t size = 0;
    for (bool code : {true, false}) {
      for (auto &[group, segment] : layout.segments()) {
        if (isCode(group) != code)
          continue;
        size = llvm::alignTo(size, segment.Alignment);
        segment.Addr = ExecutorAddr(imageBase + size);
        size += segment.ContentSize + segment.ZeroFillSize;
      }
      size = llvm::alignTo(size, page);
      if (code)
        image.codeBytes = size;
    }
    image.bytes.assign(size, '\0');
    for (auto &[group, segment] : layout.segments())
      segment.WorkingMem = image.bytes.data() + (segment.Addr.getValue() - imageBase);
    return layout.apply();
  }

  Image &image;
};

class Linker : public JITLinkContext {
public:
  Linker(Image &image, llvm::StringRef entry, std::string &error)
      : JITLinkContext(nullptr), memory(image), image(image), entry(entry), error(error) {}

  JITLinkMemoryManager &getMemoryManager() override { return memory; }
  void notifyFailed(llvm::Error problem) override { error = llvm::toString(std::move(problem)); }
  void notifyFinalized(JITLinkMemoryManager::FinalizedAlloc alloc) override { alloc.release(); }

  void lookup(const LookupMap &symbols,
              std::unique_ptr<JITLinkAsyncLookupContinuation> done) override {
    AsyncLookupResult found;
    llvm::SmallVector<llvm::StringRef> names(llvm::make_first_range(symbols));
    llvm::sort(names); // the map's order depends on addresses
    for (llvm::StringRef name : names) {
      if (!importedFunction(name.str())) {
        done->run(failure("code may not call '" + name + "'"));
        return;
      }
      found[name] = {addressOf(image.imports.size()), llvm::JITSymbolFlags::Exported};
      image.imports.push_back(name.str());
    }
    done->run(std::move(found));
  }

  llvm::Error notifyResolved(LinkGraph &graph) override {
    for (Symbol *symbol : graph.defined_symbols())
      if (symbol->hasName() && symbol->getName() == entry) {
        image.entry = symbol->getAddress().getValue() - imageBase;
        return llvm::Error::success();
      }
    return failure("expected a function " + entry);
  }

  /// What the kernel needs, and not the records that an object carries for its readers.
  LinkGraphPassFunction getMarkLivePass(const llvm::Triple &) const override {
    return [name = entry](LinkGraph &graph) {
      for (Symbol *symbol : graph.defined_symbols())
        symbol->setLive(symbol->hasName() && symbol->getName() == name);
      return llvm::Error::success();
    };
  }

  llvm::Error modifyPassConfig(LinkGraph &, PassConfiguration &passes) override {
    passes.PostFixupPasses.push_back([this](LinkGraph &graph) { return collect(graph); });
    return llvm::Error::success();
  }

private:
  static ExecutorAddr addressOf(std::size_t import) {
    return ExecutorAddr(importBase + (std::uint64_t(import) << 32));
  }

  static bool isPointer(const LinkGraph &graph, Edge::Kind kind) {
    return kind == (graph.getTargetTriple().isAArch64() ? Edge::Kind(aarch64::Pointer64)
                                                        : Edge::Kind(x86_64::Pointer64));
  }

  /// Notes down the addresses; everything else is relative and stays right wherever the image is.
  llvm::Error collect(LinkGraph &graph) {
    for (Block *block : graph.blocks())
      for (const Edge &edge : block->edges()) {
        if (!edge.isRelocation())
          continue;
        const Symbol &target = edge.getTarget();
        if (!isPointer(graph, edge.getKind())) {
          if (target.isExternal())
            return failure("a call of '" + target.getName() + "' is not through an address");
          continue;
        }
        Image::Address address;
        address.at = block->getFixupAddress(edge).getValue() - imageBase;
        address.addend = edge.getAddend();
        const std::uint64_t value = target.getAddress().getValue();
        if (target.isExternal())
          address.import = static_cast<std::int64_t>((value - importBase) >> 32);
        else
          address.addend += static_cast<std::int64_t>(value - imageBase);
        image.addresses.push_back(address);
      }
    llvm::sort(image.addresses,
               [](const Image::Address &a, const Image::Address &b) { return a.at < b.at; });
    return llvm::Error::success();
  }

  ImageMemory memory;
  Image &image;
  const std::string entry;
  std::string &error;
};

} // namespace

std::optional<Image> link(const std::string &object, const std::string &symbol,
                          std::string &error) {
  auto graph = createLinkGraphFromObject(llvm::MemoryBufferRef(object, "deq"));
  if (!graph) {
    error = llvm::toString(graph.takeError());
    return std::nullopt;
  }
  Image image;
  // Runs in this thread and has ended when it returns: nothing in the context waits for others.
  llvm::jitlink::link(std::move(*graph), std::make_unique<Linker>(image, symbol, error));
  if (!error.empty())
    return std::nullopt;
  for (const Image::Address &address : image.addresses) // the same bytes, whatever was there
    std::fill_n(image.bytes.begin() + static_cast<std::ptrdiff_t>(address.at), 8, '\0');
  return image;
}

} // namespace deq::target
