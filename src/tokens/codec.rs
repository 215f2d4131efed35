//! How tokens are written: `base64url(version | kind | aggregate (16) | generation (4) | secret (32) | tag (18))`.
//!
//! The tag is an HMAC over all that precedes it and is checked before anything is believed, so junk costs no query. 72 bytes
//! are 96 characters without a spare bit: every token has exactly one spelling.

use super::token::{Kind, Token};
use crate::{
    entropy::Entropy,
    keys::{Keys, TokenKeys, mac},
};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const CONTENT: usize = 1 + 1 + 16 + 4 + 32;
/// 144 bits, the first of them from HMAC-SHA256.
const TAG: usize = 18;
/// Characters of a written token.
pub(super) const LENGTH: usize = (CONTENT + TAG) / 3 * 4;

/// Writes and reads tokens.
#[derive(Clone)]
pub struct TokenCodec(TokenKeys);

impl TokenCodec {
    /// A codec whose tokens hang on these keys.
    #[must_use]
    pub fn new(keys: &Keys) -> Self {
        Self(keys.tokens())
    }

    /// The token as its holder gets it: 96 characters of base64url.
    #[must_use]
    pub fn encode(&self, token: &Token) -> String {
        let mut bytes = Zeroizing::new(Vec::with_capacity(CONTENT + TAG));
        bytes.extend([VERSION, token.kind.byte()]);
        bytes.extend(token.aggregate.as_bytes());
        bytes.extend(token.generation.to_be_bytes());
        bytes.extend(token.secret.as_slice());
        let tag = self.tag(&bytes);
        bytes.extend(tag);
        URL_SAFE_NO_PAD.encode(bytes.as_slice())
    }

    /// The token that [`TokenCodec::encode`] wrote, if this is one of that kind; `None` for anything else, without a reason.
    #[must_use]
    pub fn decode(&self, kind: Kind, text: &str) -> Option<Token> {
        if text.len() != LENGTH {
            return None;
        }
        let mut bytes = Zeroizing::new([0; CONTENT + TAG]);
        URL_SAFE_NO_PAD.decode_slice(text, bytes.as_mut_slice()).ok()?;
        let (content, tag) = bytes.split_first_chunk::<CONTENT>()?;
        verify_slices_are_equal(&self.tag(content), tag).ok()?;
        read(kind, content)
    }

    /// A token with a new secret.
    #[must_use]
    pub fn fresh(&self, kind: Kind, aggregate: Uuid, generation: u32, entropy: &dyn Entropy) -> Token {
        Token::fresh(kind, aggregate, generation, entropy)
    }

    /// The token that follows `parent` in the same stream. Derived, not drawn: asking again gives the same token, and nobody
    /// without the server's key can compute it.
    #[must_use]
    pub fn successor(&self, parent: &Token, kind: Kind, generation: u32) -> Token {
        // All parts but the first, which is constant, have a fixed length.
        let secret = Zeroizing::new(mac(
            &self.0.successor,
            &[
                b"successor",
                &[kind.byte()],
                parent.secret.as_slice(),
                parent.aggregate.as_bytes(),
                &generation.to_be_bytes(),
            ],
        ));
        Token { kind, aggregate: parent.aggregate, generation, secret }
    }

    fn tag(&self, content: &[u8]) -> [u8; TAG] {
        let mut tag = [0; TAG];
        for (to, from) in tag.iter_mut().zip(mac(&self.0.tag, &[content])) {
            *to = from;
        }
        tag
    }
}

fn read(kind: Kind, content: &[u8; CONTENT]) -> Option<Token> {
    let (header, rest) = content.split_first_chunk::<2>()?;
    let (aggregate, rest) = rest.split_first_chunk::<16>()?;
    let (generation, rest) = rest.split_first_chunk::<4>()?;
    let secret = Zeroizing::new(<[u8; 32]>::try_from(rest).ok()?);
    (*header == [VERSION, kind.byte()]).then_some(Token {
        kind,
        aggregate: Uuid::from_bytes(*aggregate),
        generation: u32::from_be_bytes(*generation),
        secret,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use crate::{entropy::SeededEntropy, keys::tests::keys};
    use std::collections::HashSet;

    const KINDS: [Kind; 4] = [Kind::Code, Kind::Access, Kind::Refresh, Kind::Session];

    fn codec() -> TokenCodec {
        TokenCodec::new(&keys(1))
    }

    fn token(kind: Kind) -> Token {
        Token::fresh(kind, Uuid::from_u128(0x0192_f3c8), 7, &SeededEntropy::new(9))
    }

    fn refused(text: &str) {
        for kind in KINDS {
            assert!(codec().decode(kind, text).is_none(), "{text}");
        }
    }

    #[test]
    fn one_flipped_bit_is_refused_wherever_it_is() {
        let text = codec().encode(&token(Kind::Code));
        let bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut bent = bytes.clone();
            bent[bit / 8] ^= 1 << (bit % 8);
            refused(&URL_SAFE_NO_PAD.encode(bent));
        }
    }

    #[test]
    fn every_truncation_and_extension_is_refused() {
        let text = codec().encode(&token(Kind::Access));
        for length in 0..text.len() {
            refused(&text[..length]);
            refused(&text[text.len() - length..]);
        }
        for more in ["A", "=", "==", " ", "\n", "\0", "A===", &text] {
            refused(&format!("{text}{more}"));
            refused(&format!("{more}{text}"));
        }
    }

    #[test]
    fn a_letter_in_the_other_case_is_refused() {
        let text = codec().encode(&token(Kind::Refresh));
        for at in text.bytes().enumerate().filter(|(_, c)| c.is_ascii_alphabetic()).map(|(at, _)| at) {
            let mut bent = text.clone().into_bytes();
            bent[at] ^= 0x20;
            refused(std::str::from_utf8(&bent).unwrap());
        }
        refused(&text.to_uppercase());
        refused(&text.to_lowercase());
    }

    #[test]
    fn other_alphabets_and_padding_inside_are_refused() {
        let text = codec().encode(&token(Kind::Code));
        for at in 0..text.len() {
            for c in ["=", " ", "+", "/", "\n", "%", "\0", "."] {
                refused(&format!("{}{c}{}", &text[..at], &text[at + 1..]));
            }
        }
        refused(&"é".repeat(LENGTH / 2));
    }

    #[test]
    fn no_kind_stands_in_for_another() {
        for made in KINDS {
            let text = codec().encode(&token(made));
            for asked in KINDS {
                assert_eq!(codec().decode(asked, &text).is_some(), asked == made, "{made:?} as {asked:?}");
            }
        }
    }

    #[test]
    fn the_token_of_another_server_is_refused() {
        let text = TokenCodec::new(&keys(2)).encode(&token(Kind::Access));
        refused(&text);
    }

    #[test]
    fn a_token_comes_back_as_it_was_written() {
        let written = token(Kind::Session);
        let text = codec().encode(&written);
        let read = codec().decode(Kind::Session, &text).unwrap();
        assert_eq!((read.kind, read.aggregate, read.generation), (written.kind, written.aggregate, written.generation));
        assert_eq!(read.hash(), written.hash());
        assert_eq!(text.len(), 96);
        assert_eq!(codec().encode(&read), text);
    }

    #[test]
    fn a_hundred_thousand_tokens_are_all_different_and_use_the_whole_alphabet() {
        let (codec, entropy, id) = (codec(), SeededEntropy::new(3), Uuid::from_u128(5));
        let texts: HashSet<_> = (0..100_000).map(|_| codec.encode(&codec.fresh(Kind::Code, id, 0, &entropy))).collect();
        assert_eq!(texts.len(), 100_000);
        let alphabet: HashSet<_> = texts.iter().flat_map(|text| text.bytes()).collect();
        assert_eq!(alphabet.len(), 64);
    }

    #[test]
    fn a_successor_is_always_the_same_and_depends_on_everything() {
        let (codec, parent) = (codec(), token(Kind::Refresh));
        let child = codec.successor(&parent, Kind::Refresh, 8);
        assert_eq!(child.hash(), codec.successor(&parent, Kind::Refresh, 8).hash());
        assert_eq!((child.kind, child.aggregate, child.generation), (Kind::Refresh, parent.aggregate, 8));
        let moved = Token { aggregate: Uuid::from_u128(1), ..parent.clone() };
        let fresh = Token::fresh(Kind::Refresh, parent.aggregate, 7, &SeededEntropy::new(10));
        let others = [
            parent.hash(),
            codec.successor(&parent, Kind::Access, 8).hash(),
            codec.successor(&parent, Kind::Refresh, 9).hash(),
            codec.successor(&moved, Kind::Refresh, 8).hash(),
            codec.successor(&fresh, Kind::Refresh, 8).hash(),
            TokenCodec::new(&keys(2)).successor(&parent, Kind::Refresh, 8).hash(),
        ];
        assert!(others.iter().all(|other| *other != child.hash()));
    }
}
