// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. The one place
// that decides it, since two readings of one text are a way past the stricter of them.
#ifndef LETHE_BASE_TEXT_UTF8_H_
#define LETHE_BASE_TEXT_UTF8_H_

#include <cstddef>
#include <string_view>

namespace lethe {

// Empty text is.
bool IsUtf8(std::string_view text);

// How many bytes the character that `text` begins with takes, 1 to 4; 0 if it begins with none.
std::size_t Utf8CharacterBytes(std::string_view text);

// ASCII's controls, and U+0080 to U+009F, which terminals obey too. `character` is one.
bool IsControlCharacter(std::string_view character);

// The longest beginning of at most `bytes_max` bytes that does not end within a character.
std::string_view CutUtf8(std::string_view text, std::size_t bytes_max);

}  // namespace lethe

#endif  // LETHE_BASE_TEXT_UTF8_H_
