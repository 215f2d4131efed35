//! Pictures of users.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::support::{MANAGER, admin, bad_fields, caller};
use crate::support::{directory::grant, server::TestServer};
use base64::{Engine, engine::general_purpose::STANDARD};
use image::{DynamicImage, ImageFormat};
use serde_json::{Value, json};
use std::io::Cursor;

const ALICE: &str = "/useradmin/v2/user/alice/picture";

fn upload(format: ImageFormat, mime: &str, side: u32) -> Value {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(side, side).write_to(&mut bytes, format).unwrap();
    json!({"image": STANDARD.encode(bytes.into_inner()), "mimeType": mime})
}

#[tokio::test]
async fn what_is_no_picture_or_unfolds_to_too_much_is_refused() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let text = |text: &str, mime: &str| json!({"image": STANDARD.encode(text), "mimeType": mime});
    for (body, field) in [
        (text("<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"), "mimeType"),
        (text("<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png"), "image"),
        (text("<html><script>alert(1)</script>", "image/jpeg"), "image"),
        (upload(ImageFormat::Png, "image/jpeg", 8), "image"),
        (upload(ImageFormat::Png, "image/png", 5000), "image"),
        (json!({"image": "not base64!", "mimeType": "image/png"}), "image"),
        (json!({"image": 1, "mimeType": "image/png"}), "image"),
        (json!({"mimeType": "image/png"}), "image"),
        (json!({"image": "A".repeat(2 * 1024 * 1024), "mimeType": "image/png"}), "body"),
    ] {
        assert_eq!(bad_fields(&admin.put(ALICE, &body).await), [field]);
    }
    assert_eq!(admin.get(ALICE).await.status, 404, "none of them was kept");
}

#[tokio::test]
async fn nobody_sets_a_picture_of_somebody_they_do_not_manage() {
    let server = TestServer::start().await;
    let picture = upload(ImageFormat::Png, "image/png", 8);
    let other = caller(&server, "gina", "globex", MANAGER).await;
    assert_eq!(other.put(ALICE, &picture).await.status, 404);
    assert_eq!(other.get(ALICE).await.status, 404);
    let manager = caller(&server, "mary", "acme", MANAGER).await;
    assert_eq!(manager.put(ALICE, &picture).await.status, 403, "she may do more");
    grant(&server.idp, &server.directory, manager.user, "analyst", Some("acme")).await;
    assert_eq!(manager.put(ALICE, &picture).await.status, 200);
    assert_eq!(server.get(ALICE).await.status, 401);
    assert_eq!(server.get("/currentuser/v1/picture").await.status, 401);
}

#[tokio::test]
async fn a_picture_is_served_as_png_by_the_uuid_alone_and_dies_with_the_key() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let public = |reference: String| format!("/users/v2/user/{reference}/picture");
    let claim = public(server.directory.alice.to_string());
    let drawing = server.get(&claim).await;
    assert_eq!(drawing.header("content-type"), Some("image/svg+xml"));
    assert_eq!(admin.put(ALICE, &upload(ImageFormat::Jpeg, "image/jpeg", 300)).await.status, 200);
    let shown = server.get(&claim).await;
    assert_eq!((shown.status, shown.header("content-type")), (200, Some("image/png")));
    assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(image::load_from_memory_with_format(&shown.body, ImageFormat::Png).unwrap().width(), 256);
    assert_eq!(admin.get(ALICE).await.body, shown.body);
    for guess in ["alice", "2", "nobody"] {
        assert_eq!(server.get(&public(guess.to_owned())).await.body, drawing.body, "{guess}");
    }
    let stored: String =
        sqlx::query_scalar("SELECT sealed FROM pictures").fetch_one(&mut server.at.owner().await).await.unwrap();
    assert!(stored.starts_with("v1.") && !stored.contains(&STANDARD.encode(&shown.body)[..40]), "sealed");
    let sql = "DELETE FROM personal_keys WHERE subject_id = $1";
    sqlx::query(sql).bind(server.directory.alice.uuid()).execute(&mut server.at.owner().await).await.unwrap();
    assert_eq!(server.get(&claim).await.body, drawing.body);
}

#[tokio::test]
async fn people_set_their_own_picture() {
    let server = TestServer::start().await;
    let own = caller(&server, "olga", "acme", &[]).await;
    let path = "/currentuser/v1/picture";
    assert_eq!(own.get(path).await.status, 404);
    assert_eq!(own.get(&format!("{path}?default=True&size=large")).await.header("content-type"), Some("image/svg+xml"));
    assert_eq!(bad_fields(&own.get(&format!("{path}?size=huge")).await), ["size"]);
    assert_eq!(own.put(path, &upload(ImageFormat::Png, "image/png", 8)).await.status, 200);
    assert_eq!(own.get(path).await.header("content-type"), Some("image/png"));
    let gone = admin(&server).delete("/useradmin/v2/user/olga").await;
    assert_eq!(gone.status, 200);
    let claim = format!("/users/v2/user/{}/picture", own.user);
    assert_eq!(server.get(&claim).await.header("content-type"), Some("image/svg+xml"));
}
