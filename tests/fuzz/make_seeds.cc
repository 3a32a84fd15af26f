// Writes the binary part of the corpus: fuzz_seeds tests/fuzz/corpus. The text seeds beside it are
// written by hand. Run it again when a format gains a field; seeds that hold a sealed part differ
// from run to run, since nonces are drawn.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "crypto/aead.h"
#include "crypto/kdf.h"
#include "storage/batch.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/vault/archive/memory_folder.h"
#include "vault/archive/archive.h"
#include "vault/archive/frame.h"
#include "vault/archive/segment.h"
#include "vault/audit/event.h"
#include "vault/erasure/receipt.h"
#include "vault/holders/slot.h"
#include "vault/journal/unsynced_frames.h"
#include "vault/keytree/wrapped_leaf.h"
#include "vault/records/envelope.h"
#include "vault/records/subject_header.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::fuzz {
namespace {

namespace archive = vault::archive;
namespace holders = vault::holders;
namespace keytree = vault::keytree;
namespace records = vault::records;
namespace shredlog = vault::shredlog;

const absl::Time kTime = absl::FromUnixSeconds(1'790'000'000);

class Corpus {
 public:
  explicit Corpus(std::string folder) : folder_(std::move(folder)) {}

  void Add(const std::string& target, const std::string& name, const std::string& bytes) const {
    const std::filesystem::path folder = std::filesystem::path(folder_) / target;
    std::filesystem::create_directories(folder);
    std::ofstream(folder / name, std::ios::binary) << bytes;
  }

 private:
  const std::string folder_;
};

ByteWriter Mode(std::uint8_t mode) {
  ByteWriter out;
  out.U8(mode);
  return out;
}

storage::Batch SomeBatch() {
  storage::Batch batch;
  batch.Put(14, "key", "value");
  batch.Delete(2, "gone");
  return batch;
}

void AddStorage(const Corpus& corpus) {
  corpus.Add("batch", "put-and-delete", SomeBatch().Encode());
  corpus.Add("batch", "empty", storage::Batch().Encode());
  const Secret key = FixedSecret(3);
  for (const std::size_t size : {std::size_t{0}, std::size_t{40}, crypto::kCrossoverBytes}) {
    const std::string sealed =
        crypto::SealToString(key, AsBytes(std::string(size, 'p')), AsBytes("aad"));
    corpus.Add("aead", "sealed-" + std::to_string(size),
               ByteWriter().U8(3).U8(2).Raw("ad").Raw(sealed).Take());
  }
}

void AddArchive(const Corpus& corpus) {
  const archive::Frame frame{1, 3, SomeBatch().Encode()};
  const crypto::Digest before{};
  const std::string bytes =
      archive::EncodeFrame(frame, 0, before, archive::ChainOver(before, frame));
  corpus.Add("frame", "whole", Mode(0).Raw(bytes).Take());
  corpus.Add("frame", "mended", Mode(3).Raw(bytes).Take());
  const std::string header = archive::EncodeSegmentHeader({kVault, 4, 1, before});
  corpus.Add("segment", "second", Mode(0).Short(archive::SegmentName(4)).Raw(header).Take());
  corpus.Add("archive", "untouched", ByteWriter().U8(0).U8(0).Take());
  corpus.Add("archive", "torn-end", ByteWriter().U8(0).U8(2).Raw(bytes.substr(0, 60)).Take());
  corpus.Add("archive", "flipped", ByteWriter().U8(1).U8(1).U16(150).U8(4).U8(2).Take());

  storage::Batch rows;
  vault::UnsyncedFrames frames;
  const auto disk = std::make_shared<test::FolderDisk>();
  test::MemoryFolder folder(disk);
  LETHE_CHECK(archive::Archive::Create(folder, kVault).ok());
  const auto opened = archive::Archive::Open(std::make_unique<test::MemoryFolder>(disk), kVault);
  frames.Keep(frame, (*opened)->chain(), rows);
  corpus.Add("journal_rows", "engine-ahead",
             ByteWriter().U8(3).U8(3).Short(rows.operations()[0].value).Take());
  corpus.Add("journal_rows", "level", ByteWriter().U8(0).Take());
}

void AddEvents(const Corpus& corpus) {
  vault::audit::Event event;
  event.method = vault::audit::Method::kErase;
  event.tenant = FixedTag<TenantTag>(1);
  event.subjects = {FixedTag<SubjectTag>(2)};
  event.categories = {"account", "billing"};
  event.purpose = "service";
  event.count = 7;
  corpus.Add("event", "erase", vault::audit::EncodeEvent(event, 9, kTime, {1, 2, 3}));
  corpus.Add("event", "system", vault::audit::EncodeEvent({}, 1, kTime, {}));
}

void AddKeyTree(const Corpus& corpus) {
  shredlog::LogEntry entry;
  entry.sequence = 4;
  entry.time = kTime;
  entry.leaves = {{3, 0b1010}};
  entry.facts = {std::string(33, 'f')};
  entry.holders = {"file-1"};
  const crypto::SigningKey key(FixedSecret(7));
  corpus.Add("log_entry", "prepared", shredlog::EncodeLogEntry(kVault, entry, key));

  const Secret secret = FixedSecret(5);
  const keytree::WrappedLeaf leaf = keytree::WrapLeaf(kVault, {3, 5}, 2, FixedSecret(9), secret);
  corpus.Add("leaf_row", "whole", Mode(0).Raw(keytree::EncodeLeafRow(leaf)).Take());

  std::string group = ByteWriter().U64(0b101).Raw(std::string(64, 'g')).Take();
  corpus.Add("node", "group", Mode(1).Raw(group).Take());
  corpus.Add("node", "page", Mode(1).Raw(std::string(64 * 40, 'p')).Take());

  holders::SlotContent content;
  content.vault = kVault;
  content.generation = 6;
  content.owner_epoch = 2;
  content.root = FixedSecret(13);
  content.root_commitment = crypto::Commit(content.root);
  std::string slot(holders::kSlotBytes, '\0');
  holders::EncodeSlot(content, AsMutableBytes(slot));
  corpus.Add("slot", "whole", Mode(0).Raw(slot).Take());
  corpus.Add("slot", "mended", Mode(3).Raw(slot.substr(0, 120)).Take());
  corpus.Add("slot", "empty", Mode(0).Take());
}

void AddRecords(const Corpus& corpus) {
  const std::string clear =
      ByteWriter()
          .U8(records::kRecordFormat)
          .U32(0)
          .U32(1)
          .Raw(std::string(16, 's'))
          .Raw(std::string(vault::Place::kBytes + keytree::WrappedLeaf::kBytes, 'l'))
          .U32(4)
          .Take();
  ByteWriter meta;
  meta.I64(1).I64(2).I64(3).U8(1).Short("text/plain").Short("form 7");
  corpus.Add("record_row", "body", Mode(1).Raw(clear).Raw("data").Raw(meta.str()).Take());

  ByteWriter living;
  living.U8(2).U8(1).U64(3).U8(5);
  ByteWriter body;
  body.U8(1).U8(1).I64(77).U64(4).U64(9).U8(16).U8(0x2f).U64(1'000).U8(3);
  body.U8(2).Raw(std::string(32, 'd')).Raw(std::string(8, 'e'));
  std::string header = body.Take();
  header.resize(records::kHeaderBodyBytes, '\0');
  corpus.Add("subject_row", "living", Mode(1).Raw(living.str()).Raw(header).Take());
  corpus.Add("subject_row", "erased",
             Mode(0).Raw(records::EncodeErasedSubject(FixedTag<ReceiptTag>(6))).Take());
  ByteWriter tenant;
  tenant.U8(3).U64(3).U8(5).Short("acme").Short("policy-1").U32(7).Raw(std::string(32, 'd'));
  corpus.Add("tenant_row", "one-category",
             Mode(1).Raw(tenant.str()).U16(1).U32(1).Short("account").Take());
  ByteWriter token;
  token.U64(5).Short("last key").Short("account").Short("principal").U16(3).Raw("00ff");
  corpus.Add("page_token", "position", token.Take());
}

void AddReceipts(const Corpus& corpus) {
  vault::Erasure erasure;
  erasure.receipt = FixedTag<ReceiptTag>(1);
  erasure.whose = std::string(vault::erasure::kWhoseBytes, 'w');
  erasure.erase_time = kTime;
  erasure.records_shredded = 3;
  erasure.categories_shredded = {"account"};
  erasure.withheld = {{"billing", "Art. 22", 2, kTime}};
  erasure.key_commitments = {std::string(32, 'c')};
  const std::string facts = vault::erasure::EncodeFacts(erasure);
  corpus.Add("receipt", "facts", facts);
  vault::erasure::SetOutcome({4, vault::Assurance::kHost, kTime, true, {"holder-2"}}, erasure);
  corpus.Add("receipt", "settled",
             facts + vault::erasure::EncodeOutcome(vault::erasure::OutcomeOf(erasure)));
  corpus.Add("receipt", "statement", vault::erasure::StatementOf(kVault, "acme", erasure));
}

void AddDamage(const Corpus& corpus) {
  corpus.Add("damaged_rows", "none", "");
  corpus.Add("damaged_rows", "one", ByteWriter().U16(20).U16(3).U8(1).Take());
  corpus.Add("damaged_rows", "two", ByteWriter().U16(5).U16(30).U8(8).U16(31).U16(2).U8(3).Take());
}

}  // namespace
}  // namespace lethe::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: fuzz_seeds FOLDER\n";
    return 2;
  }
  const lethe::fuzz::Corpus corpus(argv[1]);
  lethe::fuzz::AddStorage(corpus);
  lethe::fuzz::AddArchive(corpus);
  lethe::fuzz::AddEvents(corpus);
  lethe::fuzz::AddKeyTree(corpus);
  lethe::fuzz::AddRecords(corpus);
  lethe::fuzz::AddReceipts(corpus);
  lethe::fuzz::AddDamage(corpus);
}
