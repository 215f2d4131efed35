//! What every value that is a parsed text has in common.

/// Gives a newtype over `String` that has `FromStr` its reading access, `Display`, and the conversions that serde uses, so
/// that a stored text passes the same parser as a typed one.
macro_rules! text {
    ($value:ident, $invalid:ident) => {
        impl $value {
            /// The text as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $value {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $value {
            type Error = $invalid;

            fn try_from(text: String) -> Result<Self, $invalid> {
                text.parse()
            }
        }

        impl From<$value> for String {
            fn from(value: $value) -> Self {
                value.0
            }
        }
    };
}
