// Objects to images. JITLink lays out the sections and applies the relocations as it would inside
// of a process; what would be an address there is noted down instead.
// All of JITLink is in this file, because its interfaces change with every release.

#include "Host.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
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

/// What the objects of an image have in common: its memory, and each other's functions. Every
/// object waits where it needs the others: for its place, until all sizes are known, and for the
/// addresses of what it calls, until all have their places.
class Linkage {
public:
  Linkage(Image &image, llvm::StringRef entry) : image(image), entry(entry) {
    needed.insert(entry);
  }

  /// Notes down what an object calls, so that the others keep it.
  void add(const LinkGraph &graph);
  std::unique_ptr<JITLinkContext> makeContext();
  /// Takes all objects to their ends; false and `error` if one does not get there.
  bool finish(std::string &error);

private:
  class Memory;
  class Context;
  struct Waiting {
    BasicLayout layout;
    JITLinkMemoryManager::OnAllocatedFunction go;
  };
  struct Lookup {
    llvm::SmallVector<llvm::StringRef> names;
    std::unique_ptr<JITLinkAsyncLookupContinuation> go;
  };

  llvm::Error place();
  llvm::Expected<AsyncLookupResult> find(llvm::ArrayRef<llvm::StringRef> names);
  llvm::Error define(LinkGraph &graph);
  llvm::Error collect(LinkGraph &graph);

  static ExecutorAddr addressOf(std::size_t import) {
    return ExecutorAddr(importBase + (std::uint64_t(import) << 32));
  }
  static bool isImport(const Symbol &symbol) {
    return symbol.getAddress().getValue() >= importBase;
  }
  static bool isPointer(const LinkGraph &graph, Edge::Kind kind) {
    return kind == (graph.getTargetTriple().isAArch64() ? Edge::Kind(aarch64::Pointer64)
                                                        : Edge::Kind(x86_64::Pointer64));
  }

  Image &image;
  const std::string entry;
  std::string problem;
  llvm::StringSet<> needed; ///< the entry, and what objects call that they do not have
  llvm::StringMap<ExecutorAddr> defined;
  std::vector<Waiting> waiting;
  std::vector<Lookup> lookups;
};

/// JITLink's idea of memory: the bytes of an image.
class Linkage::Memory : public JITLinkMemoryManager {
public:
  explicit Memory(Linkage &linkage) : linkage(linkage) {}

  void allocate(const JITLinkDylib *, LinkGraph &graph, OnAllocatedFunction allocated) override {
    linkage.waiting.push_back({BasicLayout(graph), std::move(allocated)});
  }

  void deallocate(std::vector<FinalizedAlloc> allocs, OnDeallocatedFunction done) override {
    for (FinalizedAlloc &alloc : allocs)
      alloc.release();
    done(llvm::Error::success());
  }

  /// The bytes are the image's; there is nothing to keep or to give back.
  struct Alloc : InFlightAlloc {
    void abandon(OnAbandonedFunction done) override { done(llvm::Error::success()); }
    void finalize(OnFinalizedFunction done) override { done(FinalizedAlloc(ExecutorAddr())); }
  };

private:
  Linkage &linkage;
};

/// The function that an entry of a table of addresses is of, or that a stub jumps to.
llvm::StringRef targetOf(const Block &block) {
  if (block.edges_empty())
    return {};
  const Symbol &target = block.edges().begin()->getTarget();
  if (target.hasName() || !target.isDefined() || &target.getBlock() == &block)
    return target.hasName() ? target.getName() : llvm::StringRef();
  return targetOf(target.getBlock());
}

/// Blocks that JITLink makes have no address, and it lays out blocks of equal addresses by where
/// they are in its memory. By what they are for, every link gives the same image.
llvm::Error orderByTarget(LinkGraph &graph) {
  for (Section &section : graph.sections()) {
    if (!section.getName().starts_with("$__"))
      continue;
    llvm::SmallVector<Block *> blocks(section.blocks().begin(), section.blocks().end());
    llvm::sort(blocks, [](const Block *a, const Block *b) { return targetOf(*a) < targetOf(*b); });
    std::uint64_t address = 0;
    for (Block *block : blocks) {
      block->setAddress(ExecutorAddr(address));
      address = llvm::alignTo(address + block->getSize(), block->getAlignment());
    }
  }
  return llvm::Error::success();
}

class Linkage::Context : public JITLinkContext {
public:
  explicit Context(Linkage &linkage) : JITLinkContext(nullptr), memory(linkage), linkage(linkage) {}

  JITLinkMemoryManager &getMemoryManager() override { return memory; }
  void notifyFailed(llvm::Error error) override {
    linkage.problem = llvm::toString(std::move(error));
  }
  void notifyFinalized(JITLinkMemoryManager::FinalizedAlloc alloc) override { alloc.release(); }

  void lookup(const LookupMap &symbols,
              std::unique_ptr<JITLinkAsyncLookupContinuation> done) override {
    Lookup &lookup = linkage.lookups.emplace_back();
    lookup.names.assign(llvm::make_first_range(symbols).begin(),
                        llvm::make_first_range(symbols).end());
    llvm::sort(lookup.names); // the map's order depends on addresses
    lookup.go = std::move(done);
  }

  llvm::Error notifyResolved(LinkGraph &graph) override { return linkage.define(graph); }

  /// What the kernel needs, and not the records that an object carries for its readers.
  LinkGraphPassFunction getMarkLivePass(const llvm::Triple &) const override {
    return [this](LinkGraph &graph) {
      for (Symbol *symbol : graph.defined_symbols())
        symbol->setLive(symbol->hasName() && linkage.needed.contains(symbol->getName()));
      return llvm::Error::success();
    };
  }

  llvm::Error modifyPassConfig(LinkGraph &, PassConfiguration &passes) override {
    passes.PostPrunePasses.push_back(orderByTarget);
    passes.PostFixupPasses.push_back([this](LinkGraph &graph) { return linkage.collect(graph); });
    return llvm::Error::success();
  }

private:
  Memory memory;
  Linkage &linkage;
};

void Linkage::add(const LinkGraph &graph) {
  for (const Symbol *symbol : const_cast<LinkGraph &>(graph).external_symbols())
    needed.insert(symbol->getName());
}

std::unique_ptr<JITLinkContext> Linkage::makeContext() { return std::make_unique<Context>(*this); }

llvm::Error Linkage::place() {
  const std::uint64_t page = llvm::sys::Process::getPageSizeEstimate();
  auto isCode = [](llvm::orc::AllocGroup group) {
    const auto protection = static_cast<unsigned>(group.getMemProt());
    return (protection & static_cast<unsigned>(llvm::orc::MemProt::Exec)) != 0;
  };
  std::uint64_t size = 0;
  for (bool code : {true, false}) {
    for (Waiting &object : waiting)
      for (auto &[group, segment] : object.layout.segments()) {
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
  for (Waiting &object : waiting) {
    for (auto &[group, segment] : object.layout.segments())
      segment.WorkingMem = image.bytes.data() + (segment.Addr.getValue() - imageBase);
    if (llvm::Error error = object.layout.apply())
      return error;
  }
  return llvm::Error::success();
}

llvm::Error Linkage::define(LinkGraph &graph) {
  for (Symbol *symbol : graph.defined_symbols())
    if (symbol->hasName() && needed.contains(symbol->getName()) &&
        !defined.try_emplace(symbol->getName(), symbol->getAddress()).second)
      return failure("two functions " + symbol->getName());
  return llvm::Error::success();
}

llvm::Expected<AsyncLookupResult> Linkage::find(llvm::ArrayRef<llvm::StringRef> names) {
  AsyncLookupResult found;
  for (llvm::StringRef name : names) {
    auto place = defined.find(name);
    if (place == defined.end()) {
      if (!importedFunction(name.str()))
        return failure("code may not call '" + name + "'");
      place = defined.try_emplace(name, addressOf(image.imports.size())).first;
      image.imports.push_back(name.str());
    }
    found[name] = {place->second, llvm::JITSymbolFlags::Exported};
  }
  return found;
}

/// Notes down the addresses; everything else is relative and stays right wherever the image is.
llvm::Error Linkage::collect(LinkGraph &graph) {
  for (Block *block : graph.blocks())
    for (const Edge &edge : block->edges()) {
      if (!edge.isRelocation())
        continue;
      const Symbol &target = edge.getTarget();
      if (!isPointer(graph, edge.getKind())) {
        if (isImport(target))
          return failure("a call of '" + target.getName() + "' is not through an address");
        continue;
      }
      Image::Address address;
      address.at = block->getFixupAddress(edge).getValue() - imageBase;
      address.addend = edge.getAddend();
      const std::uint64_t value = target.getAddress().getValue();
      if (isImport(target))
        address.import = static_cast<std::int64_t>((value - importBase) >> 32);
      else
        address.addend += static_cast<std::int64_t>(value - imageBase);
      image.addresses.push_back(address);
    }
  return llvm::Error::success();
}

bool Linkage::finish(std::string &error) {
  auto carryOn = [&](llvm::Error problem) {
    if (problem && this->problem.empty())
      this->problem = llvm::toString(std::move(problem));
    else
      llvm::consumeError(std::move(problem));
    return this->problem.empty();
  };
  bool good = carryOn(place());
  for (std::size_t i = 0; good && i < waiting.size(); ++i) {
    waiting[i].go(std::make_unique<Memory::Alloc>());
    good = problem.empty();
  }
  for (std::size_t i = 0; good && i < lookups.size(); ++i) {
    auto found = find(lookups[i].names);
    good = carryOn(found.takeError());
    if (good)
      lookups[i].go->run(std::move(found));
    good = problem.empty();
  }
  auto place = defined.find(entry);
  if (good && place == defined.end())
    problem = "expected a function " + entry;
  else if (good)
    image.entry = place->second.getValue() - imageBase;
  error = problem;
  return problem.empty();
}

} // namespace

std::optional<Image> link(const std::vector<std::string> &objects, const std::string &symbol,
                          std::string &error) {
  Image image;
  Linkage linkage(image, symbol);
  std::vector<std::unique_ptr<LinkGraph>> graphs;
  for (const std::string &object : objects) {
    auto graph = createLinkGraphFromObject(llvm::MemoryBufferRef(object, "deq"));
    if (!graph) {
      error = llvm::toString(graph.takeError());
      return std::nullopt;
    }
    linkage.add(**graph);
    graphs.push_back(std::move(*graph));
  }
  // Runs in this thread, as far as the object needs no other.
  for (std::unique_ptr<LinkGraph> &graph : graphs)
    llvm::jitlink::link(std::move(graph), linkage.makeContext());
  if (!linkage.finish(error))
    return std::nullopt;
  llvm::sort(image.addresses,
             [](const Image::Address &a, const Image::Address &b) { return a.at < b.at; });
  for (const Image::Address &address : image.addresses) // the same bytes, whatever was there
    std::fill_n(image.bytes.begin() + static_cast<std::ptrdiff_t>(address.at), 8, '\0');
  return image;
}

} // namespace deq::target
