//! Pictures of users: whatever was uploaded is decoded within bounds and written anew, small and as PNG, so that nothing of the
//! upload is served to anybody.

use super::{Desk, DirectoryError, desk::looked_up};
use aggregates::{
    ids::UserId,
    user::{User, UserCommand},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use projections::{personal_keys, pictures};
use std::{io::Cursor, time::Duration};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

/// The longest side that is taken, in pixels.
const LONGEST: u32 = 2048;
/// The most memory that decoding may take, in bytes: as much as the largest picture has in four channels.
const MEMORY: u64 = 4 * (LONGEST as u64) * (LONGEST as u64);
/// The longest side that is kept, in pixels.
const KEPT: u32 = 256;
/// Names what is sealed.
const PICTURE: &str = "picture";
/// One at a time: decoding takes memory. Who does not get a turn in this time comes again.
const PATIENCE: Duration = Duration::from_secs(2);
static TURN: Semaphore = Semaphore::const_new(1);

/// A PNG that we wrote.
pub struct Picture(Vec<u8>);

/// Reads a picture of the MIME type. `None` when it is none, or too large.
///
/// # Errors
/// [`DirectoryError::Busy`] when the machine cannot.
pub async fn read(bytes: Vec<u8>, format: ImageFormat) -> Result<Option<Picture>, DirectoryError> {
    let turn = timeout(PATIENCE, TURN.acquire()).await.ok().and_then(Result::ok).ok_or(DirectoryError::Busy)?;
    let read = spawn_blocking(move || {
        let picture = rewritten(bytes, format);
        drop(turn);
        picture
    });
    read.await.map_err(|_| DirectoryError::Busy)
}

fn rewritten(bytes: Vec<u8>, format: ImageFormat) -> Option<Picture> {
    let mut limits = Limits::no_limits();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) = (Some(LONGEST), Some(LONGEST), Some(MEMORY));
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let whole = reader.decode().ok()?;
    let small = if whole.width().max(whole.height()) > KEPT { whole.thumbnail(KEPT, KEPT) } else { whole };
    let mut png = Cursor::new(Vec::new());
    DynamicImage::ImageRgba8(small.into_rgba8()).write_to(&mut png, ImageFormat::Png).ok()?;
    Some(Picture(png.into_inner()))
}

/// Gives a user the picture.
///
/// # Errors
/// What the rules say; a user without a key was erased.
pub async fn change(desk: &mut Desk, user: UserId, picture: &Picture) -> Result<(), DirectoryError> {
    let c = desk.lane().connection();
    let key = looked_up(personal_keys::find_by_subject(c, user.uuid()).await)?.ok_or(DirectoryError::Seal)?;
    let sealed = desk.tools().keys.seal(user.uuid(), &key, PICTURE, &STANDARD.encode(&picture.0))?;
    desk.execute::<User>(user.uuid(), UserCommand::ChangePicture).await?;
    looked_up(pictures::put(desk.lane().connection(), user, &sealed).await)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::new_luma8(width, height).write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn what_is_no_picture_of_its_type_or_too_large_is_refused() {
        let truncated = png(40, 40).into_iter().take(60).collect();
        for bytes in [
            vec![],
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
            b"<html><script>alert(1)</script>".to_vec(),
            b"GIF89a".to_vec(),
            truncated,
            // A few kilobytes that would unfold to much more.
            png(LONGEST + 1, 1),
            png(1, LONGEST + 1),
            png(20_000, 20_000),
        ] {
            assert!(rewritten(bytes.clone(), ImageFormat::Png).is_none());
            assert!(rewritten(bytes, ImageFormat::Jpeg).is_none());
        }
        assert!(rewritten(png(4, 4), ImageFormat::Jpeg).is_none());
    }

    #[test]
    fn a_picture_is_kept_small_and_without_what_trails_it() {
        let mut upload = png(1000, 500);
        upload.extend_from_slice(b"<script>alert(1)</script>");
        let Picture(kept) = rewritten(upload, ImageFormat::Png).unwrap();
        let read = image::load_from_memory_with_format(&kept, ImageFormat::Png).unwrap();
        assert_eq!((read.width(), read.height()), (256, 128));
        assert!(!kept.windows(7).any(|bytes| bytes == b"<script"));
    }
}
